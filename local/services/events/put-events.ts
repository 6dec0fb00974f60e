import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  busArn,
  busName,
  type EventsHandler,
  type EventsParts,
  readInput,
} from '#local/services/events/events-call.ts';
import { eventsFault } from '#local/services/events/events-fault.ts';

const entry = z.object({
  Source: z.string().default(''),
  DetailType: z.string().default(''),
  Detail: z.string().default(''),
  EventBusName: busName,
  Resources: z.array(z.string()).default([]),
  /** Epoch seconds, as AWS JSON writes an instant. */
  Time: z.number().optional(),
});

type Entry = z.infer<typeof entry>;

const request = z.object({ Entries: z.array(entry).min(1).max(10) });

/** All entries of a request together. See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const LARGEST_REQUEST_BYTES = 1_048_576;

/**
 * Takes events, and hands each to the targets of the rules that match it.
 *
 * An entry that does not do is refused by itself, beside others that are taken. One for a bus that does not exist is taken and goes
 * nowhere, as on AWS.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 * @see https://github.com/aws/aws-sdk-java-v2/issues/3173 (a bus that does not exist)
 */
export const putEvents: EventsHandler = (input, parts) => {
  const { Entries: entries } = readInput(request, input);
  return {
    permissions: [...new Set(entries.map(({ EventBusName: name }) => name))].map((name) => ({
      action: 'events:PutEvents',
      resource: busArn(parts, name),
    })),
    run: () => {
      if (entries.reduce((sum, each) => sum + bytesOf(each), 0) > LARGEST_REQUEST_BYTES)
        throw eventsFault(
          'ValidationException',
          'Total size of the entries in the request is over the limit.',
        );
      const answers = entries.map((each) => refusalOf(each) ?? take(each, parts));
      const failed = answers.filter((answer) => 'ErrorCode' in answer);
      return { FailedEntryCount: failed.length, Entries: answers };
    },
  };
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
function bytesOf({ Time, Source, DetailType, Detail, Resources }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : 14);
}

interface Refusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

function refusalOf(given: Entry): Refusal | undefined {
  const missing = (['Source', 'DetailType', 'Detail'] as const).find((name) => given[name] === '');
  if (missing !== undefined)
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    };
  if (given.Source.startsWith('aws.'))
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  if (detailOf(given) === undefined)
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return undefined;
}

function detailOf({ Detail }: Entry): object | undefined {
  try {
    const detail: unknown = JSON.parse(Detail);
    const isObject = typeof detail === 'object' && detail !== null && !Array.isArray(detail);
    return isObject ? detail : undefined;
  } catch {
    return undefined;
  }
}

function take(taken: Entry, parts: EventsParts): { readonly EventId: string } {
  const { buses, clock, account, region, send, log } = parts;
  const bus = taken.EventBusName;
  const id = randomUUID();
  const event = {
    version: '0',
    id,
    'detail-type': taken.DetailType,
    source: taken.Source,
    account,
    time: wholeSeconds(taken.Time === undefined ? clock.nowMs() : taken.Time * 1000),
    region,
    resources: taken.Resources,
    detail: detailOf(taken),
  };
  if (!buses.has(bus)) log(`An event for the bus ${bus}, which does not exist, went nowhere.`);
  for (const queueArn of buses.queuesFor(bus, event)) {
    try {
      send(queueArn, { body: JSON.stringify(event) });
    } catch (error) {
      log(`An event of the bus ${bus} could not be sent to ${queueArn}: ${error}`);
    }
  }
  return { EventId: id };
}

function wholeSeconds(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+/, '');
}
