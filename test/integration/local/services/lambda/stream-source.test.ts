import { describe, expect, it } from 'vitest';
import type { Queues } from '#local/services/lambda/queues.ts';
import type { StreamRecord, Streams } from '#local/services/lambda/streams.ts';
import { openState, type State } from '#local/state.ts';
import { LAMBDA_START_MS, type LambdaServer, serveLambda } from '#test/support/serve-lambda.ts';

const STREAM = 'arn:aws:dynamodb:us-east-1:000000000000:table/Jobs/stream/2026-11-23T09:00:00.000';
const DEAD = 'arn:aws:sqs:us-east-1:000000000000:dead';
const IDS = 'event.Records.map((record) => record.dynamodb.Keys.id.S)';
const PRINTING = `export const handler = async (event) => { console.log('batch ' + JSON.stringify(${IDS})); }`;
const REFUSING_BAD = `export const handler = async (event) => {
  const ids = ${IDS};
  console.log('batch ' + JSON.stringify(ids));
  if (ids.includes('bad')) throw new Error('bad');
}`;

describe('a stream’s event source mapping', () => {
  it('hands records over in order, in batches up to its size', async () => {
    await using cloud = await withStream(PRINTING, { BatchSize: 2 });

    cloud.streams.append('a', 'b', 'c');
    await cloud.server.activity.settle();
    cloud.streams.append('d');
    await cloud.server.activity.settle();

    expect(batches(cloud.server)).toEqual([['a', 'b'], ['c'], ['d']]);
  });

  it('starts with the oldest record, or with what comes after it is made', async () => {
    await using oldest = await withStream(PRINTING, {}, { before: ['a', 'b'] });
    await using latest = await withStream(
      PRINTING,
      { StartingPosition: 'LATEST' },
      { before: ['a', 'b'] },
    );
    for (const cloud of [oldest, latest]) {
      await cloud.server.activity.settle();
      cloud.streams.append('c');
      await cloud.server.activity.settle();
    }

    expect(batches(oldest.server)).toEqual([['a', 'b'], ['c']]);
    expect(batches(latest.server)).toEqual([['c']]);
  });

  it('goes on after a restart where it was', async () => {
    using state = openState();
    const streams = new MemoryStreams();
    const first = await withStream(PRINTING, {}, { state, streams });
    streams.append('a');
    await first.server.activity.settle();
    await first[Symbol.asyncDispose]();
    streams.append('b');

    await using second = await withStream(PRINTING, {}, { state, streams });
    await second.server.activity.settle();

    expect(batches(second.server)).toEqual([['b']]);
  });

  it('passes over what the filter holds back, and remembers that it did', async () => {
    using state = openState();
    const streams = new MemoryStreams();
    const wanted = { FilterCriteria: { Filters: [{ Pattern: '{"eventName":["REMOVE"]}' }] } };
    const first = await withStream(PRINTING, wanted, { state, streams });
    streams.append('a', 'b');
    await first.server.activity.settle();
    expect(batches(first.server)).toEqual([]);
    await first[Symbol.asyncDispose]();

    await using second = await withStream(PRINTING, {}, { state, streams });
    streams.append('c');
    await second.server.activity.settle();

    expect(batches(second.server)).toEqual([['c']]);
  });

  it('halves a failing batch until the bad record stands alone, and gives that up', async () => {
    await using cloud = await withStream(REFUSING_BAD, {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: DEAD } },
    });

    cloud.streams.append('a', 'b', 'bad', 'd');
    await cloud.server.activity.settle();

    expect(batches(cloud.server)).toEqual([
      ['a', 'b', 'bad', 'd'],
      ['a', 'b'],
      ['bad', 'd'],
      ['bad'],
      ['d'],
    ]);
    expect(cloud.sent).toEqual([
      {
        requestContext: {
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Almanac-test-Reader',
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 3,
        },
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          functionError: 'Unhandled',
        },
        version: '1.0',
        timestamp: '2026-11-23T09:00:00.000Z',
        DDBStreamBatchInfo: {
          shardId: expect.stringMatching(/^shardId-/),
          startSequenceNumber: '000000000000000000003',
          endSequenceNumber: '000000000000000000003',
          approximateArrivalOfFirstRecord: '2026-11-23T09:00:00Z',
          approximateArrivalOfLastRecord: '2026-11-23T09:00:00Z',
          batchSize: 1,
          streamArn: STREAM,
        },
      },
    ]);
  });

  it('retries twice at once, then waits on the clock, with nothing under way', async () => {
    await using cloud = await withStream(REFUSING_BAD, {});
    cloud.streams.append('bad');

    await cloud.server.activity.settle();
    expect(batches(cloud.server)).toHaveLength(3);
    await cloud.server.clock.advanceBy(1000);
    expect(batches(cloud.server)).toHaveLength(4);
    await cloud.server.clock.advanceBy(1999);
    expect(batches(cloud.server)).toHaveLength(4);
    await cloud.server.clock.advanceBy(1);

    expect(batches(cloud.server)).toHaveLength(5);
  });

  it('holds later records back while a batch waits', async () => {
    await using cloud = await withStream(REFUSING_BAD, {});
    cloud.streams.append('bad');
    await cloud.server.activity.settle();

    cloud.streams.append('good');
    await cloud.server.activity.settle();

    expect(batches(cloud.server)).toEqual([['bad'], ['bad'], ['bad']]);
  });

  it('goes on from the first item that a function reports as failed', async () => {
    await using cloud = await withStream(
      `let failures = 0;
       export const handler = async (event) => {
         console.log('batch ' + JSON.stringify(${IDS}));
         const bad = event.Records.find((record) => record.dynamodb.Keys.id.S === 'bad');
         if (!bad || ++failures > 1) return { batchItemFailures: [] };
         return { batchItemFailures: [{ itemIdentifier: bad.dynamodb.SequenceNumber }] };
       }`,
      { FunctionResponseTypes: ['ReportBatchItemFailures'] },
    );

    cloud.streams.append('a', 'bad', 'c');
    await cloud.server.activity.settle();

    expect(batches(cloud.server)).toEqual([
      ['a', 'bad', 'c'],
      ['bad', 'c'],
    ]);
  });

  it('gives up records that have passed their age, and goes on with the younger', async () => {
    await using cloud = await withStream(REFUSING_BAD, {
      MaximumRecordAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: DEAD } },
    });
    cloud.streams.append('bad');
    await cloud.server.clock.advanceBy(50_000);
    cloud.streams.at(cloud.server.clock.nowMs()).append('good');

    await cloud.server.clock.advanceBy(50_000);

    expect(batches(cloud.server).at(-1)).toEqual(['good']);
    expect(cloud.sent).toMatchObject([
      { requestContext: { condition: 'RecordAgeExceeded' }, DDBStreamBatchInfo: { batchSize: 1 } },
    ]);
  });

  it('gathers records until the batching window has passed on the clock', async () => {
    await using cloud = await withStream(PRINTING, { MaximumBatchingWindowInSeconds: 5 });

    cloud.streams.append('a');
    await cloud.server.clock.advanceBy(4000);
    cloud.streams.append('b');
    await cloud.server.clock.advanceBy(1000);

    expect(batches(cloud.server)).toEqual([['a', 'b']]);
  });

  it('waits out a lack of concurrency without counting it as a retry', async () => {
    await using cloud = await withStream(
      PRINTING,
      { MaximumRetryAttempts: 0 },
      { reservedConcurrency: 0 },
    );

    cloud.streams.append('a');
    await cloud.server.clock.advanceBy(10_000);

    expect(cloud.server.log).toHaveLength(4);
    expect(cloud.server.log.join()).not.toContain('gave up');
  });

  it('cannot be made while the role lacks a grant, which is named', async () => {
    const made = withStream(PRINTING, {}, { denied: ['dynamodb:ListStreams'] });

    await expect(made).rejects.toThrow('dynamodb:ListStreams on *');
  });
});

class MemoryStreams implements Streams {
  readonly #records: StreamRecord[] = [];
  readonly #listeners = new Set<() => void>();
  #nowMs = LAMBDA_START_MS;

  at(nowMs: number): this {
    this.#nowMs = nowMs;
    return this;
  }

  append(...ids: readonly string[]): void {
    for (const id of ids) {
      const number = String(this.#records.length + 1).padStart(21, '0');
      const record = {
        eventID: `event-${number}`,
        eventName: 'INSERT',
        dynamodb: {
          ApproximateCreationDateTime: this.#nowMs / 1000,
          SequenceNumber: number,
          Keys: { id: { S: id } },
        },
      };
      this.#records.push(record);
    }
    for (const listener of this.#listeners) listener();
  }

  async read(
    _streamArn: string,
    { after = '', limit }: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly StreamRecord[]> {
    return this.#records.filter((record) => record.dynamodb.SequenceNumber > after).slice(0, limit);
  }

  onAppend(_streamArn: string, listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

interface StreamSetting {
  readonly before?: readonly string[];
  readonly streams?: MemoryStreams;
  readonly state?: State;
  readonly denied?: readonly string[];
  readonly reservedConcurrency?: number;
}

async function withStream(
  code: string,
  properties: Readonly<Record<string, unknown>>,
  setting: StreamSetting = {},
) {
  const { streams = new MemoryStreams(), state = openState(), denied = [] } = setting;
  const sent: unknown[] = [];
  const queues: Queues = {
    send: (_queueArn, { body }) => sent.push(JSON.parse(body)),
    receive: () => [],
    delete: () => {},
    onAvailable: () => () => {},
  };
  const server = await serveLambda({ state, denied, streams: () => streams, queues: () => queues });
  streams.append(...(setting.before ?? []));
  try {
    await server.define('Reader', code, {
      ...(setting.reservedConcurrency !== undefined && {
        ReservedConcurrentExecutions: setting.reservedConcurrency,
      }),
    });
    await server.create('AWS::Lambda::EventSourceMapping', {
      FunctionName: 'Almanac-test-Reader',
      EventSourceArn: STREAM,
      StartingPosition: 'TRIM_HORIZON',
      ...properties,
    });
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  server.service.start();
  return { server, streams, sent, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function batches(server: LambdaServer): unknown[] {
  return server.written.flatMap((line) => {
    const batch = /batch (\[.*\])/.exec(line)?.[1];
    return batch === undefined ? [] : [JSON.parse(batch)];
  });
}
