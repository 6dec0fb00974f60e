import type { ParameterTypes } from 'dynalite/validations/index.js';
import { invalidRequest } from '#local/services/dynamodb/dynalite-fault.ts';
import { dynaliteStore, readingOnly } from '#local/services/dynamodb/dynalite-store.ts';
import {
  type OperationContext,
  type Operations,
  operation,
} from '#local/services/dynamodb/operation.ts';
import { parseShardIterator, shardIterator } from '#local/services/dynamodb/shard-iterator.ts';
import type { StreamRecord } from '#local/services/dynamodb/stream-record.ts';
import type { Table } from '#local/services/dynamodb/table.ts';
import { ServiceFault } from '#local/services/local-service.ts';

interface StreamRequest {
  readonly StreamArn: string;
}

interface ListStreamsRequest {
  readonly TableName?: string;
  readonly Limit?: number;
  readonly ExclusiveStartStreamArn?: string;
}

interface GetShardIteratorRequest extends StreamRequest {
  readonly ShardId: string;
  readonly ShardIteratorType:
    | 'TRIM_HORIZON'
    | 'LATEST'
    | 'AT_SEQUENCE_NUMBER'
    | 'AFTER_SEQUENCE_NUMBER';
  readonly SequenceNumber?: string;
}

interface GetRecordsRequest {
  readonly ShardIterator: string;
  readonly Limit?: number;
}

/** The one shard of every stream; it is never closed. */
const SHARD_ID = 'shardId-00000000000000000000-00000001';

/** Most streams, and most records, of one answer. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html */
const STREAMS_PER_PAGE = 100;
const RECORDS_PER_PAGE = 1000;
const BYTES_PER_PAGE = 1024 * 1024;

/** ListStreams, DescribeStream, GetShardIterator and GetRecords. */
export function streamOperations(context: OperationContext): Operations {
  const store = dynaliteStore(context, readingOnly(context.database));
  const permissionsFor = (action: string) => (data: StreamRequest) => [
    { action: `dynamodb:${action}`, resource: data.StreamArn },
  ];
  return {
    ListStreams: operation<ListStreamsRequest>(store, {
      types: LIST_STREAMS,
      permissions: () => [{ action: 'dynamodb:ListStreams', resource: '*' }],
      run: async (data) => listStreams(context, data),
    }),
    DescribeStream: operation<StreamRequest>(store, {
      types: STREAM_ARN,
      permissions: permissionsFor('DescribeStream'),
      run: async ({ StreamArn }) => describeStream(context, StreamArn),
    }),
    GetShardIterator: operation<GetShardIteratorRequest>(store, {
      types: GET_SHARD_ITERATOR,
      permissions: permissionsFor('GetShardIterator'),
      run: async (data) => getShardIterator(context, data),
    }),
    GetRecords: operation<GetRecordsRequest>(store, {
      types: GET_RECORDS,
      permissions: ({ ShardIterator }) => [
        { action: 'dynamodb:GetRecords', resource: ShardIterator.split('|')[0] ?? '*' },
      ],
      run: (data) => getRecords(context, data),
    }),
  };
}

function listStreams(context: OperationContext, data: ListStreamsRequest): object {
  const { TableName, Limit = STREAMS_PER_PAGE, ExclusiveStartStreamArn: after = '' } = data;
  const streams = context.tables
    .all()
    .filter((table) => table.streamViewType !== undefined)
    .filter((table) => TableName === undefined || table.schema.TableName === TableName)
    .map((table) => ({
      StreamArn: context.streams.arnOf(table),
      TableName: table.schema.TableName,
      StreamLabel: table.streamLabel,
    }))
    .filter((stream) => stream.StreamArn > after);
  const Streams = streams.slice(0, Limit);
  const LastEvaluatedStreamArn = Streams.at(-1)?.StreamArn;
  return streams.length > Limit ? { Streams, LastEvaluatedStreamArn } : { Streams };
}

async function describeStream(context: OperationContext, arn: string): Promise<object> {
  const table: Table = context.streams.tableOf(arn);
  const [oldest] = await context.streams.read(arn, { after: undefined, limit: 1 });
  const start = oldest?.dynamodb.SequenceNumber ?? context.streams.lastSequenceNumber();
  return {
    StreamDescription: {
      StreamArn: arn,
      StreamLabel: table.streamLabel,
      StreamStatus: 'ENABLED',
      StreamViewType: table.streamViewType,
      CreationRequestDateTime: table.createdAt,
      TableName: table.schema.TableName,
      KeySchema: table.schema.KeySchema,
      Shards: [{ ShardId: SHARD_ID, SequenceNumberRange: { StartingSequenceNumber: start } }],
    },
  };
}

function getShardIterator(context: OperationContext, data: GetShardIteratorRequest): object {
  const { StreamArn, ShardId, SequenceNumber } = data;
  context.streams.tableOf(StreamArn);
  if (ShardId !== SHARD_ID)
    throw new ServiceFault(
      'ResourceNotFoundException',
      `Requested resource not found: Shard: ${ShardId} in stream: ${StreamArn} not found`,
    );
  const position = { streamArn: StreamArn, after: positionAfter(context, data, SequenceNumber) };
  return { ShardIterator: shardIterator(position, context.clock) };
}

function positionAfter(
  context: OperationContext,
  { ShardIteratorType: type }: GetShardIteratorRequest,
  sequenceNumber: string | undefined,
): string | undefined {
  if (type === 'TRIM_HORIZON') return undefined;
  if (type === 'LATEST') return context.streams.lastSequenceNumber();
  if (sequenceNumber === undefined || !/^\d{21,40}$/.test(sequenceNumber))
    throw invalidRequest(`Invalid SequenceNumber for the ShardIteratorType ${type}`);
  return type === 'AFTER_SEQUENCE_NUMBER' ? sequenceNumber : String(BigInt(sequenceNumber) - 1n);
}

async function getRecords(context: OperationContext, data: GetRecordsRequest): Promise<object> {
  const { streamArn, after } = parseShardIterator(data.ShardIterator, context.clock);
  const limit = data.Limit ?? RECORDS_PER_PAGE;
  const page = upToBytes(await context.streams.read(streamArn, { after, limit }));
  const last = page.at(-1)?.dynamodb.SequenceNumber ?? after;
  return {
    Records: page.map(onTheWire),
    NextShardIterator: shardIterator({ streamArn, after: last }, context.clock),
  };
}

function upToBytes(records: readonly StreamRecord[]): readonly StreamRecord[] {
  let bytes = 0;
  const end = records.findIndex((record, index) => {
    bytes += record.dynamodb.SizeBytes;
    return index > 0 && bytes > BYTES_PER_PAGE;
  });
  return end < 0 ? records : records.slice(0, end);
}

/** The API writes the identity's members with capitals, and leaves out the stream's ARN; Lambda's event does neither. */
function onTheWire({ eventSourceARN: _, userIdentity, ...record }: StreamRecord): object {
  if (userIdentity === undefined) return record;
  const { type: Type, principalId: PrincipalId } = userIdentity;
  return { ...record, userIdentity: { Type, PrincipalId } };
}

const STREAM_ARN: ParameterTypes = {
  StreamArn: {
    type: 'String',
    notNull: true,
    lengthGreaterThanOrEqual: 37,
    lengthLessThanOrEqual: 1024,
  },
};

const LIST_STREAMS: ParameterTypes = {
  TableName: {
    type: 'String',
    regex: '[a-zA-Z0-9_.-]+',
    lengthGreaterThanOrEqual: 3,
    lengthLessThanOrEqual: 255,
  },
  Limit: { type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: STREAMS_PER_PAGE },
  ExclusiveStartStreamArn: 'String',
};

const GET_SHARD_ITERATOR: ParameterTypes = {
  ...STREAM_ARN,
  ShardId: {
    type: 'String',
    notNull: true,
    lengthGreaterThanOrEqual: 28,
    lengthLessThanOrEqual: 65,
  },
  ShardIteratorType: {
    type: 'String',
    notNull: true,
    enum: ['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'],
  },
  SequenceNumber: 'String',
};

const GET_RECORDS: ParameterTypes = {
  ShardIterator: { type: 'String', notNull: true, lengthGreaterThanOrEqual: 1 },
  Limit: { type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: RECORDS_PER_PAGE },
};
