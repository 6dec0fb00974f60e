import * as z from 'zod';
import { ServiceFault } from '#local/services/local-service.ts';
import { changeSettings, settingsAsTexts } from '#local/services/sqs/queue-settings.ts';
import type { KnownQueue } from '#local/services/sqs/queues.ts';
import {
  onQueue,
  permission,
  readInput,
  type SqsHandler,
  type SqsOutput,
  wholeNumber,
} from '#local/services/sqs/sqs-call.ts';
import { invalidParameter, sqsFault } from '#local/services/sqs/sqs-fault.ts';

const texts = z.record(z.string(), z.string());
const nothing = z.object({});

const creation = z.object({
  QueueName: z.string(),
  Attributes: texts.default({}),
  tags: texts.default({}),
});

/** Makes a queue; one of the same name and attributes is given as it is. */
export const createQueue: SqsHandler = ({ input, parts }) => {
  const { QueueName: name, Attributes: attributes, tags } = readInput(creation, input);
  requireStandardName(name);
  return {
    permissions: [permission('CreateQueue', parts.queues.arnOf(name))],
    run: () => {
      const present = parts.queues.find(name)?.queue.settings;
      if (!present) parts.queues.set(name, changeSettings({}, attributes), tags);
      else if (!isSame(changeSettings(present, attributes), present))
        throw new ServiceFault(
          'QueueAlreadyExists',
          'A queue already exists with the same name and a different value for an attribute.',
        );
      return { QueueUrl: parts.urlOf(name) };
    },
  };
};

function requireStandardName(name: string): void {
  if (name.endsWith('.fifo'))
    throw sqsFault(
      'UnsupportedOperation',
      'The local cloud has standard queues only: FIFO queues are not served.',
    );
  if (!/^[\w-]{1,80}$/.test(name))
    throw invalidParameter(
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Finds a queue's URL by its name. */
export const getQueueUrl: SqsHandler = ({ input, parts }) => {
  const { QueueName: name } = readInput(z.object({ QueueName: z.string() }), input);
  return {
    permissions: [permission('GetQueueUrl', parts.queues.arnOf(name))],
    run: () => ({ QueueUrl: parts.urlOf(parts.queues.require(name).queue.name) }),
  };
};

const page = {
  MaxResults: wholeNumber.pipe(z.int().min(1).max(1000)).optional(),
  NextToken: z.string().optional(),
};
type Page = z.infer<z.ZodObject<typeof page>>;

/** Lists queues by the beginning of their names. */
export const listQueues: SqsHandler = ({ input, parts }) => {
  const asked = readInput(z.object({ ...page, QueueNamePrefix: z.string().default('') }), input);
  return {
    permissions: [permission('ListQueues', '*')],
    run: () => {
      const names = parts.queues
        .all()
        .map(({ queue }) => queue.name)
        .filter((name) => name.startsWith(asked.QueueNamePrefix));
      const { listed, next } = onePage(names, asked);
      return { QueueUrls: listed.map(parts.urlOf), NextToken: next };
    },
  };
};

/** Lists the queues that give up their messages to a queue. */
export const listDeadLetterSourceQueues: SqsHandler = onQueue(
  'ListDeadLetterSourceQueues',
  z.object(page),
  ({ queue: target }, asked, { parts }) => {
    const names = parts.queues
      .all()
      .filter(({ queue }) => queue.settings.RedrivePolicy?.deadLetterTargetArn === target.arn)
      .map(({ queue }) => queue.name);
    const { listed, next } = onePage(names, asked);
    return { queueUrls: listed.map(parts.urlOf), NextToken: next };
  },
);

/** Pages go on after the last name that was given. */
function onePage(
  names: readonly string[],
  { MaxResults: most = 1000, NextToken: token }: Page,
): { readonly listed: readonly string[]; readonly next?: string | undefined } {
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
  const left = names.filter((name) => name > after);
  const listed = left.slice(0, most);
  const last = listed.at(-1);
  const isMore = left.length > listed.length && last !== undefined;
  return { listed, next: isMore ? Buffer.from(last).toString('base64') : undefined };
}

/** Deletes a queue with its messages. */
export const deleteQueue: SqsHandler = onQueue(
  'DeleteQueue',
  nothing,
  ({ queue }, _, { parts }) => {
    parts.queues.delete(queue.name);
    return {};
  },
);

/** Deletes all messages of a queue. */
export const purgeQueue: SqsHandler = onQueue('PurgeQueue', nothing, ({ queue }) => {
  queue.purge();
  return {};
});

/** Changes attributes of a queue; they hold from now on, for messages that are there too. */
export const setQueueAttributes: SqsHandler = onQueue(
  'SetQueueAttributes',
  z.object({ Attributes: texts }),
  ({ queue }, { Attributes: attributes }, { parts }) => {
    parts.queues.set(queue.name, changeSettings(queue.settings, attributes));
    return {};
  },
);

/** Tells attributes of a queue, the numbers of its messages among them: exact here. */
export const getQueueAttributes: SqsHandler = onQueue(
  'GetQueueAttributes',
  z.object({ AttributeNames: z.array(z.string()).default([]) }),
  (known, { AttributeNames: names }) => {
    const all = attributesOf(known);
    const unknown = names.find((name) => !(name in all) && !OPTIONAL.includes(name));
    if (unknown !== undefined)
      throw new ServiceFault('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
    const asked = Object.entries(all).filter(
      ([name]) => name !== 'All' && (names.includes('All') || names.includes(name)),
    );
    return asked.length === 0 ? {} : { Attributes: Object.fromEntries(asked) };
  },
);

/** Names that may be asked for and that not every queue has an answer to. */
const OPTIONAL = [
  'All',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'Policy',
  'FifoQueue',
  'ContentBasedDeduplication',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'DeduplicationScope',
  'FifoThroughputLimit',
];

function attributesOf({ queue, createdAtMs, modifiedAtMs }: KnownQueue): Record<string, string> {
  const { visible, inFlight, delayed } = queue.counts();
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: epochSeconds(createdAtMs),
    LastModifiedTimestamp: epochSeconds(modifiedAtMs),
    ...settingsAsTexts(queue.settings),
  };
}

function epochSeconds(epochMs: number): string {
  return String(Math.floor(epochMs / 1000));
}

/** Tells a queue's tags. */
export const listQueueTags: SqsHandler = onQueue(
  'ListQueueTags',
  nothing,
  ({ tags }): SqsOutput => (Object.keys(tags).length === 0 ? {} : { Tags: tags }),
);
