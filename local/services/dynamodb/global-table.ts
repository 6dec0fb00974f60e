import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { tableArn } from '#local/services/dynamodb/arns.ts';
import type { OperationContext } from '#local/services/dynamodb/operation.ts';
import { streamLabelAt } from '#local/services/dynamodb/stream-label.ts';
import {
  SecondaryIndex,
  StreamViewType,
  Table,
  TableSchema,
} from '#local/services/dynamodb/table.ts';
import { putTable } from '#local/services/dynamodb/table-changes.ts';
import { type ResourceType, resourceType } from '#local/template/resource-type.ts';

const Properties = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: TableSchema.shape.AttributeDefinitions,
  KeySchema: TableSchema.shape.KeySchema,
  GlobalSecondaryIndexes: z.array(SecondaryIndex).optional(),
  LocalSecondaryIndexes: z.array(SecondaryIndex).optional(),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  StreamSpecification: z.strictObject({ StreamViewType }).optional(),
  TimeToLiveSpecification: z
    .strictObject({ AttributeName: z.string(), Enabled: z.boolean() })
    .optional(),
  Replicas: z.tuple([
    z.strictObject({
      Region: z.string(),
      DeletionProtectionEnabled: z.boolean().optional(),
      Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
    }),
  ]),
});

type Properties = z.infer<typeof Properties>;

const NO_BACKUPS =
  'Nothing is backed up here; the data directory can be copied while nothing runs.';
const NO_METRICS = 'There are no metrics here.';
const NO_THROTTLING = 'Requests are not throttled here, whatever the capacity.';

const INERT = {
  SSESpecification: 'What lies in the data directory is not encrypted.',
  WarmThroughput: NO_THROTTLING,
  WriteOnDemandThroughputSettings: NO_THROTTLING,
  'GlobalSecondaryIndexes.WarmThroughput': NO_THROTTLING,
  'GlobalSecondaryIndexes.WriteOnDemandThroughputSettings': NO_THROTTLING,
  'Replicas.ReadOnDemandThroughputSettings': NO_THROTTLING,
  'Replicas.GlobalSecondaryIndexes': `Of a replica's indexes, it says how they are throttled and measured. ${NO_THROTTLING}`,
  'Replicas.PointInTimeRecoverySpecification': NO_BACKUPS,
  'Replicas.ContributorInsightsSpecification': NO_METRICS,
  'Replicas.TableClass': 'Nothing is billed here.',
} as const;

/** The table of CDK's `TableV2`, in one region. */
export function globalTableType(context: OperationContext): ResourceType {
  const planned = plannedIdentities(context);
  return resourceType<Properties>({
    type: 'AWS::DynamoDB::GlobalTable',
    properties: Properties,
    inert: INERT,
    identify: (scope) => {
      const name = scope.property('TableName') ?? `${scope.stackName}-${scope.logicalId}`;
      const arn = tableArn(context.place, name);
      const { id, streamLabel } = planned(name);
      return {
        ref: name,
        attributes: { Arn: arn, StreamArn: `${arn}/stream/${streamLabel}`, TableId: id },
      };
    },
    create: (properties, identity) =>
      context.writer.exclusively(async () => {
        const wanted = tableOf(properties, identity.ref, planned(identity.ref));
        const existing = context.tables.find(identity.ref);
        if (existing) checkSameKeys(existing, wanted);
        if (isSame(existing, wanted)) return;
        await putTable(context, wanted);
        await context.sweeper.bookNext();
      }),
  });
}

type TableIdentity = Pick<Table, 'id' | 'createdAt' | 'streamLabel'>;

/** A table keeps its id and its stream's ARN; one that is yet to be made has them from the first time it is named. */
function plannedIdentities(context: OperationContext): (tableName: string) => TableIdentity {
  const planned = new Map<string, TableIdentity>();
  return (tableName) => {
    const nowMs = context.clock.nowMs();
    const identity = context.tables.find(tableName) ??
      planned.get(tableName) ?? {
        id: randomUUID(),
        createdAt: nowMs / 1000,
        streamLabel: streamLabelAt(nowMs),
      };
    planned.set(tableName, identity);
    return identity;
  };
}

function tableOf(properties: Properties, name: string, identity: TableIdentity): Table {
  const [replica] = properties.Replicas;
  const ttl = properties.TimeToLiveSpecification;
  return {
    schema: {
      TableName: name,
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes ?? [],
      LocalSecondaryIndexes: properties.LocalSecondaryIndexes ?? [],
    },
    id: identity.id,
    createdAt: identity.createdAt,
    streamLabel: identity.streamLabel,
    ...(properties.StreamSpecification
      ? { streamViewType: properties.StreamSpecification.StreamViewType }
      : {}),
    ...(ttl?.Enabled ? { timeToLiveAttribute: ttl.AttributeName } : {}),
    isDeletionProtected: replica.DeletionProtectionEnabled ?? false,
    tags: Object.fromEntries((replica.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
  };
}

function isSame(one: Table | undefined, other: Table): boolean {
  return (
    one !== undefined && JSON.stringify(Table.parse(one)) === JSON.stringify(Table.parse(other))
  );
}

function checkSameKeys(existing: Table, wanted: Table): void {
  const [has, wants] = [keysOf(existing), keysOf(wanted)];
  if (has === wants) return;
  throw new Error(
    `Expected table ${wanted.schema.TableName} to keep its key schema ${has}, got ${wants}. ` +
      'Its items cannot be carried over: drop the local data with `npm start -- --fresh`.',
  );
}

function keysOf({ schema }: Table): string {
  return schema.KeySchema.map(({ AttributeName, KeyType }) => {
    const definition = schema.AttributeDefinitions.find(
      (each) => each.AttributeName === AttributeName,
    );
    return `${AttributeName} ${KeyType} ${definition?.AttributeType}`;
  }).join(', ');
}
