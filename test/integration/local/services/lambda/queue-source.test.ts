import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemoryQueues } from '#test/support/memory-queues.ts';
import { type LambdaServer, serveLambda } from '#test/support/serve-lambda.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:starts';
const PRINTING = `export const handler = async (event) => {
  console.log('batch ' + JSON.stringify(event.Records.map((record) => record.body)));
}`;

describe('a queue’s event source mapping', () => {
  it('hands over a message as AWS does, and deletes it after success', async () => {
    await using cloud = await withQueue(
      'export const handler = async (event) => { console.log("event " + JSON.stringify(event)); }',
    );

    cloud.queues.send(QUEUE, { body: '{"n":1}' });
    await cloud.server.activity.settle();

    const line = cloud.server.written.find((one) => one.includes('event {')) ?? '';
    expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
      Records: [
        {
          messageId: expect.any(String),
          receiptHandle: expect.stringMatching(/^receipt-/),
          body: '{"n":1}',
          attributes: {
            SentTimestamp: String(cloud.server.clock.nowMs()),
            SenderId: 'AIDA',
            ApproximateReceiveCount: '1',
          },
          messageAttributes: {
            kind: {
              stringValue: 'test',
              stringListValues: [],
              binaryListValues: [],
              dataType: 'String',
            },
          },
          md5OfBody: createHash('md5').update('{"n":1}').digest('hex'),
          eventSource: 'aws:sqs',
          eventSourceARN: QUEUE,
          awsRegion: 'us-east-1',
        },
      ],
    });
    expect(cloud.queues.bodies).toEqual([]);
  });

  it('puts messages that are sent together in one batch, up to its size', async () => {
    await using cloud = await withQueue(PRINTING, { BatchSize: 3 });

    for (const body of ['a', 'b', 'c', 'd']) cloud.queues.send(QUEUE, { body });
    await cloud.server.activity.settle();

    // The two run side by side.
    expect(new Set(batches(cloud.server))).toEqual(new Set([['a', 'b', 'c'], ['d']]));
  });

  it('reads what was there before it started', async () => {
    await using cloud = await withQueue(PRINTING, {}, { before: ['a', 'b'] });

    await cloud.server.activity.settle();

    expect(batches(cloud.server)).toEqual([['a', 'b']]);
  });

  it('leaves a failed batch to its visibility timeout', async () => {
    await using cloud = await withQueue(
      `let tries = 0;
       export const handler = async (event) => {
         console.log('batch ' + JSON.stringify(event.Records.map((record) => record.body)));
         if (++tries === 1) throw new Error('not yet');
       }`,
    );

    cloud.queues.send(QUEUE, { body: 'a' });
    await cloud.server.clock.advanceBy(29_999);
    expect(batches(cloud.server)).toEqual([['a']]);
    await cloud.server.clock.advanceBy(1);

    expect(batches(cloud.server)).toEqual([['a'], ['a']]);
    expect(cloud.queues.bodies).toEqual([]);
  });

  it('deletes all but the items that a function reports as failed', async () => {
    await using cloud = await withQueue(
      `export const handler = async (event) => ({
         batchItemFailures: event.Records.filter((record) => record.body === 'bad')
           .map((record) => ({ itemIdentifier: record.messageId })),
       })`,
      { FunctionResponseTypes: ['ReportBatchItemFailures'] },
    );

    for (const body of ['a', 'bad', 'c']) cloud.queues.send(QUEUE, { body });
    await cloud.server.activity.settle();

    expect(cloud.queues.bodies).toEqual(['bad']);
  });

  it('deletes what its filter does not pass, unseen by the function', async () => {
    await using cloud = await withQueue(PRINTING, {
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["start"]}}' }] },
    });

    for (const body of ['{"kind":"start"}', '{"kind":"other"}', 'no json'])
      cloud.queues.send(QUEUE, { body });
    await cloud.server.activity.settle();

    expect(batches(cloud.server)).toEqual([['{"kind":"start"}']]);
    expect(cloud.queues.bodies).toEqual([]);
  });

  it('gathers messages until the batching window has passed on the clock', async () => {
    await using cloud = await withQueue(PRINTING, { MaximumBatchingWindowInSeconds: 5 });

    cloud.queues.send(QUEUE, { body: 'a' });
    await cloud.server.clock.advanceBy(4000);
    cloud.queues.send(QUEUE, { body: 'b' });
    await cloud.server.clock.advanceBy(999);
    expect(batches(cloud.server)).toEqual([]);
    await cloud.server.clock.advanceBy(1);

    expect(batches(cloud.server)).toEqual([['a', 'b']]);
  });

  it('runs no more batches at once than it may', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'almanac-arrivals-'));
    const arrivals = join(folder, 'arrivals');
    await using cloud = await withQueue(
      `import { appendFileSync, readFileSync } from 'node:fs';
       export const handler = async () => {
         console.log('in');
         appendFileSync('${arrivals}', '.');
         // The first waits for the second, however long that takes to start.
         while (readFileSync('${arrivals}').length < 2) await new Promise(setImmediate);
         await new Promise((resolve) => setTimeout(resolve, 50));
         console.log('out');
       }`,
      { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } },
    );

    for (const body of ['a', 'b', 'c', 'd', 'e']) cloud.queues.send(QUEUE, { body });
    await cloud.server.activity.settle();

    let running = 0;
    const seen = cloud.server.written.flatMap((line) => {
      running += line.endsWith('\tin') ? 1 : line.endsWith('\tout') ? -1 : 0;
      return running;
    });
    expect(Math.max(...seen)).toBe(2);
    expect(cloud.queues.bodies).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('cannot be made while the role lacks a grant, which is named', async () => {
    const made = withQueue(PRINTING, {}, { denied: ['sqs:DeleteMessage'] });

    await expect(made).rejects.toThrow(`sqs:DeleteMessage on ${QUEUE}`);
  });

  it('cannot be made with a filter that is not known', async () => {
    const made = withQueue(PRINTING, {
      FilterCriteria: { Filters: [{ Pattern: '{"body":[{"cidr":"10.0.0.0/8"}]}' }] },
    });

    await expect(made).rejects.toThrow('cidr');
  });

  it('cannot be made with a property of another kind of source', async () => {
    const made = withQueue(PRINTING, { BisectBatchOnFunctionError: true });

    await expect(made).rejects.toThrow('BisectBatchOnFunctionError');
  });
});

async function withQueue(
  code: string,
  properties: Readonly<Record<string, unknown>> = {},
  setting: { readonly before?: readonly string[]; readonly denied?: readonly string[] } = {},
) {
  const made: MemoryQueues[] = [];
  const server = await serveLambda({
    denied: setting.denied ?? [],
    queues: (clock) => {
      const queues = new MemoryQueues(clock);
      made.push(queues);
      return queues;
    },
  });
  const [queues] = made;
  if (!queues) throw new Error('Expected queues to have been made.');
  for (const body of setting.before ?? []) queues.send(QUEUE, { body });
  try {
    await server.define('Reader', code);
    await server.create('AWS::Lambda::EventSourceMapping', {
      FunctionName: 'Almanac-test-Reader',
      EventSourceArn: QUEUE,
      ...properties,
    });
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  server.service.start();
  return { server, queues, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function batches(server: LambdaServer): unknown[] {
  return server.written.flatMap((line) => {
    const batch = /batch (\[.*\])/.exec(line)?.[1];
    return batch === undefined ? [] : [JSON.parse(batch)];
  });
}
