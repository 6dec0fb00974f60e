import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import { batchOperations } from '#local/services/dynamodb/batch-operations.ts';
import { type Database, openDatabase } from '#local/services/dynamodb/database.ts';
import { ExpirySweeper } from '#local/services/dynamodb/expiry-sweeper.ts';
import { globalTableType } from '#local/services/dynamodb/global-table.ts';
import { itemReadOperations } from '#local/services/dynamodb/item-read-operations.ts';
import { itemWriteOperations } from '#local/services/dynamodb/item-write-operations.ts';
import type {
  OperationContext,
  Operations,
  PrepareOperation,
} from '#local/services/dynamodb/operation.ts';
import { streamOperations } from '#local/services/dynamodb/stream-operations.ts';
import type { StreamRecord } from '#local/services/dynamodb/stream-record.ts';
import { Streams } from '#local/services/dynamodb/streams.ts';
import { openTableCatalogue } from '#local/services/dynamodb/table-catalogue.ts';
import { tableOperations } from '#local/services/dynamodb/table-operations.ts';
import { tagOperations } from '#local/services/dynamodb/tag-operations.ts';
import { timeToLiveOperations } from '#local/services/dynamodb/time-to-live-operations.ts';
import { transactionOperations } from '#local/services/dynamodb/transaction-operations.ts';
import { openTransactionTokens } from '#local/services/dynamodb/transaction-tokens.ts';
import { answer, parseBody, renderFault } from '#local/services/dynamodb/wire.ts';
import { Writer } from '#local/services/dynamodb/writer.ts';
import {
  type LocalService,
  type Operation,
  ServiceFault,
  type WireRequest,
} from '#local/services/local-service.ts';
import type { ResourceType } from '#local/template/resource-type.ts';

/** DynamoDB and DynamoDB Streams, on one endpoint. */
export interface DynamoDbService extends LocalService {
  readonly name: 'dynamodb';
  readonly resourceTypes: readonly ResourceType[];
  /** For consumers in the same process. */
  readonly streams: {
    /**
     * Reads records in their order.
     *
     * @param options.after - An exclusive sequence number; from the oldest that is kept when absent.
     * @throws {ServiceFault} `ResourceNotFoundException` where there is no such stream.
     */
    read(
      streamArn: string,
      options: { readonly after: string | undefined; readonly limit: number },
    ): Promise<readonly StreamRecord[]>;
    /** Tells when a stream has grown, synchronously and within the activity of the write; gives its end. */
    onAppend(streamArn: string, listener: () => void): () => void;
  };
  /** The write units that a table has used since the start: its indexes', and those of refused writes, included. */
  writeUnits(tableName: string): number;
}

/** A request may hold 16 MB. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const LARGEST_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Opens the local DynamoDB: dynalite's validations, expressions and queries over a database of our own.
 *
 * @param options.dataDir - Where tables, items and streams survive a restart; in memory when absent.
 */
export async function createDynamoDb(options: {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly dataDir?: string | undefined;
  readonly region: string;
  readonly account: string;
}): Promise<DynamoDbService> {
  const { clock, activity } = options;
  const database = await openDatabase(options.dataDir);
  const place = { region: options.region, account: options.account };
  const parts = { place, clock, database, tables: await openTableCatalogue(database) };
  const streams = await Streams.open(parts);
  const writer = new Writer(parts, streams);
  const sweeper = new ExpirySweeper({ ...parts, activity }, writer);
  const tokens = await openTransactionTokens(database, clock);
  const context: OperationContext = { ...parts, writer, streams, sweeper, tokens };
  const operations = operationsByTarget(context);
  await sweeper.bookNext();
  return {
    name: 'dynamodb',
    maxBodyBytes: LARGEST_BODY_BYTES,
    resourceTypes: [globalTableType(context)],
    streams: {
      read: (arn, range) => streams.read(arn, range),
      onAppend: (arn, listener) => streams.onAppend(arn, listener),
    },
    writeUnits: (tableName) => writer.writeUnits(tableName),
    route: (request) => route(operations, context, request),
    renderFault,
    [Symbol.asyncDispose]: () => close(context, database),
  };
}

function operationsByTarget(context: OperationContext): ReadonlyMap<string, PrepareOperation> {
  const under = (version: string, operations: Operations) =>
    Object.entries(operations).map(([name, prepare]) => [`${version}.${name}`, prepare] as const);
  return new Map([
    ...under('DynamoDB_20120810', {
      ...itemReadOperations(context),
      ...itemWriteOperations(context),
      ...batchOperations(context),
      ...transactionOperations(context),
      ...tableOperations(context),
      ...timeToLiveOperations(context),
      ...tagOperations(context),
    }),
    ...under('DynamoDBStreams_20120810', streamOperations(context)),
  ]);
}

function route(
  operations: ReadonlyMap<string, PrepareOperation>,
  context: OperationContext,
  request: WireRequest,
): Operation {
  const target = request.headers['x-amz-target'] ?? '';
  const prepare = operations.get(target);
  if (prepare === undefined) throw new ServiceFault('UnknownOperationException', '');
  const { permissions, run } = prepare(parseBody(request, context.place));
  const name = target.slice(target.indexOf('.') + 1);
  return { name, permissions, run: async () => answer(await run()) };
}

/** Lets the write that is under way end, so that the database is not closed under it. */
async function close(context: OperationContext, database: Database): Promise<void> {
  context.sweeper.close();
  await context.streams.close();
  await context.writer.exclusively(() => database.close());
}
