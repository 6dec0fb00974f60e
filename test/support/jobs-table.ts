import { CreateTableCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  BY_DAY,
  BY_FAILURE,
  BY_WAITING,
  DAY,
  FAILURE_DAY,
  FINISHED_AT,
  JOB_LIST_ATTRIBUTES,
  SETTLED_ATTRIBUTES,
  WAITING_FOR,
} from '#shared/domain/job/job-index.ts';
import { BY_EXPIRY, EXPIRY_AT, EXPIRY_DAY } from '#shared/domain/result/expiry-attributes.ts';
import { BY_HELD, HELD_ATTRIBUTES, HELD_BY } from '#shared/domain/result/keep-last.ts';
import { type DynamoDbServer, serveDynamoDb } from '#test/support/serve-dynamodb.ts';

/** The name of the table that {@link serveJobsTable} makes. */
export const JOBS_TABLE = 'Jobs';

/** One request as it went to DynamoDB, and what it cost. */
interface SentRequest {
  readonly operation: string;
  readonly writeUnits: number;
}

/** A Jobs table with the stack's keys and indexes, on a local DynamoDB. */
export interface JobsTable extends AsyncDisposable {
  readonly server: DynamoDbServer;
  readonly client: DynamoDBDocumentClient;
  /** Every request since the table was made, in order. */
  readonly sent: SentRequest[];
}

/** Serves a fresh Jobs table, in memory unless there is a directory for it. */
export async function serveJobsTable(
  options: { readonly dataDir?: string } = {},
): Promise<JobsTable> {
  const server = await serveDynamoDb(options);
  await server.client.send(new CreateTableCommand(TABLE));
  const client = DynamoDBDocumentClient.from(server.client);
  const sent: SentRequest[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'INDEXES' });
        const answer = await next(args);
        sent.push({
          operation: commandName?.replace('Command', '') ?? '',
          writeUnits: unitsOf(answer.output),
        });
        return answer;
      },
    { step: 'initialize' },
  );
  return { server, client, sent, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const TABLE: CreateTableCommandInput = {
  TableName: JOBS_TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    ...[
      'scheduleId',
      'fireTime',
      DAY,
      FAILURE_DAY,
      FINISHED_AT,
      WAITING_FOR,
      HELD_BY,
      EXPIRY_DAY,
      EXPIRY_AT,
    ].map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
  ],
  KeySchema: keys('scheduleId', 'fireTime'),
  GlobalSecondaryIndexes: [
    index(BY_DAY, DAY, SETTLED_ATTRIBUTES),
    index(BY_FAILURE, FAILURE_DAY, JOB_LIST_ATTRIBUTES),
    {
      IndexName: BY_WAITING,
      KeySchema: keys(WAITING_FOR, 'fireTime'),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    {
      IndexName: BY_HELD,
      KeySchema: keys(HELD_BY, 'fireTime'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...HELD_ATTRIBUTES] },
    },
    {
      IndexName: BY_EXPIRY,
      KeySchema: keys(EXPIRY_DAY, EXPIRY_AT),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};

function index(name: string, partition: string, attributes: readonly string[]) {
  return {
    IndexName: name,
    KeySchema: keys(partition, FINISHED_AT),
    Projection: {
      ProjectionType: 'INCLUDE' as const,
      NonKeyAttributes: [...attributes],
    },
  };
}

function keys(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
}

function unitsOf(output: unknown): number {
  const { ConsumedCapacity }: { readonly ConsumedCapacity?: unknown } = Object(output);
  const { CapacityUnits }: { readonly CapacityUnits?: unknown } = Object(ConsumedCapacity);
  return Number(CapacityUnits ?? 0);
}
