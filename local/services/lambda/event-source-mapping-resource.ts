import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Permission } from '#local/iam/caller.ts';
import { eventFilter } from '#local/services/lambda/event-filter.ts';
import type {
  EventSource,
  EventSourceContext,
  EventSourceDefinition,
} from '#local/services/lambda/event-source.ts';
import { findFunction } from '#local/services/lambda/find-function.ts';
import type { LambdaFunction } from '#local/services/lambda/lambda-function.ts';
import { queueDestination } from '#local/services/lambda/queue-destination.ts';
import { QueueSource } from '#local/services/lambda/queue-source.ts';
import { StreamSource } from '#local/services/lambda/stream-source.ts';
import { type ResourceType, resourceType } from '#local/template/resource-type.ts';

const shared = {
  FunctionName: z.string(),
  BatchSize: z.int().min(1).max(10_000).optional(),
  MaximumBatchingWindowInSeconds: z.int().min(0).max(300).default(0),
  FilterCriteria: z
    .strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })).max(10) })
    .optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
};

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html */
const queueProperties = z.strictObject({
  ...shared,
  EventSourceArn: z.string().regex(/^arn:aws:sqs:/),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.int().min(2).max(1000) }).optional(),
});

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html */
const streamProperties = z.strictObject({
  ...shared,
  EventSourceArn: z.string().regex(/^arn:aws:dynamodb:.*\/stream\//),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: z.int().min(-1).max(10_000).default(-1),
  MaximumRecordAgeInSeconds: z.union([z.literal(-1), z.int().min(60).max(604_800)]).default(-1),
  DestinationConfig: z.strictObject({ OnFailure: queueDestination.optional() }).optional(),
});

type QueueProperties = z.infer<typeof queueProperties>;
type StreamProperties = z.infer<typeof streamProperties>;
type MappingProperties = QueueProperties | StreamProperties;

/** Chooses by the kind of source first, so that the faults told are those of the kind that was meant. */
const properties = z
  .looseObject({ EventSourceArn: z.string() })
  .transform((given, context): MappingProperties => {
    const isQueue = given.EventSourceArn.startsWith('arn:aws:sqs:');
    const parsed = (isQueue ? queueProperties : streamProperties).safeParse(given);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues)
      context.issues.push({ code: 'custom', path, message, input: given });
    return z.NEVER;
  });

/** AWS scales a queue's mapping out with its backlog; this machine has 2 cores or a few more. */
const DEFAULT_CONCURRENCY = 5;
const DEFAULT_QUEUE_BATCH_SIZE = 10;
const DEFAULT_STREAM_BATCH_SIZE = 100;

/** How long DynamoDB keeps a stream's records, and so the age without another bound. */
const STREAM_RETENTION_SECONDS = 86_400;

/** A mapping that has been made, with what the wire protocol tells of it. */
export interface MappedSource {
  readonly source: EventSource;
  readonly target: LambdaFunction;
  readonly summary: Readonly<Record<string, unknown>>;
}

/**
 * Makes event source mappings, and hands them over unstarted.
 *
 * The function's role must be granted the reading at that moment, as on AWS: a template whose mapping does not wait for
 * its role's policy fails here too.
 */
export function eventSourceMappingResource(
  functions: ReadonlyMap<string, LambdaFunction>,
  context: EventSourceContext,
  take: (mapped: MappedSource) => void,
): ResourceType {
  return resourceType<MappingProperties>({
    type: 'AWS::Lambda::EventSourceMapping',
    properties,
    inert: { ParallelizationFactor: 'One batch at a time keeps the order that AWS promises, too.' },
    identify: ({ stackName, logicalId, region, account }) => {
      const uuid = steadyUuid(`${stackName}/${logicalId}`);
      const arn = `arn:aws:lambda:${region}:${account}:event-source-mapping:${uuid}`;
      return { ref: uuid, attributes: { Id: uuid, EventSourceMappingArn: arn } };
    },
    create: async (given, identity) => {
      const target = findFunction(functions, given.FunctionName);
      const { FunctionName: _, ...shown } = given;
      const summary = { ...shown, UUID: identity.ref, FunctionArn: target.arn, State: 'Enabled' };
      const definition = sharedDefinition(given, { uuid: identity.ref, target });
      const source =
        'StartingPosition' in given
          ? await streamSource(given, definition, context)
          : queueSource(given, definition, context);
      take({ source, target, summary });
    },
  });
}

function sharedDefinition(
  given: MappingProperties,
  { uuid, target }: { readonly uuid: string; readonly target: LambdaFunction },
): EventSourceDefinition {
  const patterns = given.FilterCriteria?.Filters.map((filter) => filter.Pattern) ?? [];
  const defaultBatchSize =
    'StartingPosition' in given ? DEFAULT_STREAM_BATCH_SIZE : DEFAULT_QUEUE_BATCH_SIZE;
  return {
    uuid,
    target,
    sourceArn: given.EventSourceArn,
    batchSize: given.BatchSize ?? defaultBatchSize,
    batchingWindowSeconds: given.MaximumBatchingWindowInSeconds,
    reportsItemFailures: given.FunctionResponseTypes.length > 0,
    filter: eventFilter(patterns),
  };
}

function queueSource(
  given: QueueProperties,
  definition: EventSourceDefinition,
  context: EventSourceContext,
): EventSource {
  const resource = given.EventSourceArn;
  requireGrants(context, definition.target, [
    { action: 'sqs:ReceiveMessage', resource },
    { action: 'sqs:DeleteMessage', resource },
    { action: 'sqs:GetQueueAttributes', resource },
  ]);
  const maximumConcurrency = given.ScalingConfig?.MaximumConcurrency ?? DEFAULT_CONCURRENCY;
  return new QueueSource({ ...definition, maximumConcurrency }, context);
}

async function streamSource(
  given: StreamProperties,
  definition: EventSourceDefinition,
  context: EventSourceContext,
): Promise<EventSource> {
  const resource = given.EventSourceArn;
  requireGrants(context, definition.target, [
    { action: 'dynamodb:DescribeStream', resource },
    { action: 'dynamodb:GetRecords', resource },
    { action: 'dynamodb:GetShardIterator', resource },
    { action: 'dynamodb:ListStreams', resource: '*' },
  ]);
  const age = given.MaximumRecordAgeInSeconds;
  const policy = {
    bisects: given.BisectBatchOnFunctionError,
    maximumRetryAttempts: given.MaximumRetryAttempts,
    maximumRecordAgeSeconds: age < 0 ? STREAM_RETENTION_SECONDS : age,
  };
  const onFailure = given.DestinationConfig?.OnFailure?.Destination;
  const startingPosition = given.StartingPosition;
  const source = new StreamSource({ ...definition, startingPosition, policy, onFailure }, context);
  await source.prepare();
  return source;
}

function requireGrants(
  { authorizer }: EventSourceContext,
  target: LambdaFunction,
  permissions: readonly Permission[],
): void {
  const caller = { kind: 'role', roleArn: target.roleArn, actor: target.name } as const;
  const missing = permissions.filter(
    (permission) => authorizer.decide(caller, permission).kind === 'denied',
  );
  if (missing.length === 0) return;
  const actions = missing.map(({ action, resource }) => `${action} on ${resource}`).join(', ');
  throw new Error(
    `Expected the role of ${target.name} to be granted, for its event source mapping, ${actions}. Grant it, and let the mapping depend on the policy.`,
  );
}

/** The same for the same mapping in each run. */
function steadyUuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20, 32)].join('-');
}
