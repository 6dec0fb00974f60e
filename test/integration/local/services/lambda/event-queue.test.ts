import { describe, expect, it } from 'vitest';
import type { Queues } from '#local/services/lambda/queues.ts';
import { openState } from '#local/state.ts';
import { type LambdaServer, serveLambda } from '#test/support/serve-lambda.ts';

const DEAD = 'arn:aws:sqs:us-east-1:000000000000:dead';
const DONE = 'arn:aws:sqs:us-east-1:000000000000:done';
const NAME = 'Almanac-test-Task';
const ARN = `arn:aws:lambda:us-east-1:000000000000:function:${NAME}`;
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/);
const FAILING = `export const handler = async (event) => { console.log('try at', Date.now()); throw new Error('no'); }`;
const WORKING = `export const handler = async (event) => { console.log('got', event.id); return { ok: event.id }; }`;

describe('an asynchronous invocation', () => {
  it('is tried again one and then two minutes later on the clock, with one request id', async () => {
    await using server = await serveLambda();
    const arn = await server.define('Task', FAILING);
    const start = server.clock.nowMs();

    server.service.functions.invokeEvent(arn, Buffer.from('{}'));
    await server.clock.advanceBy(3_600_000);

    expect(triesAt(server)).toEqual([start, start + 60_000, start + 180_000]);
    const ids = server.written.flatMap((line) => /^START RequestId: (\S+)/.exec(line)?.[1] ?? []);
    expect(new Set(ids).size).toBe(1);
  });

  it('that has failed for good leaves a record in the destination', async () => {
    const sent: Sent[] = [];
    await using server = await serveLambda({ queues: () => recording(sent) });
    const arn = await server.define('Task', FAILING);
    await configure(server, { MaximumRetryAttempts: 1 });

    server.service.functions.invokeEvent(arn, Buffer.from('{"id":7}'));
    await server.activity.settle();
    expect(sent).toEqual([]);
    await server.clock.advanceBy(60_000);

    expect(sent).toEqual([
      {
        queueArn: DEAD,
        record: {
          version: '1.0',
          timestamp: '2026-11-23T09:01:00.000Z',
          requestContext: {
            requestId: UUID,
            functionArn: `${ARN}:$LATEST`,
            condition: 'RetriesExhausted',
            approximateInvokeCount: 2,
          },
          requestPayload: { id: 7 },
          responseContext: {
            statusCode: 200,
            executedVersion: '$LATEST',
            functionError: 'Unhandled',
          },
          responsePayload: { errorType: 'Error', errorMessage: 'no', trace: expect.any(Array) },
        },
      },
    ]);
  });

  it('that succeeds leaves a record where one is wanted', async () => {
    const sent: Sent[] = [];
    await using server = await serveLambda({ queues: () => recording(sent) });
    const arn = await server.define('Task', WORKING);
    await configure(server, { DestinationConfig: { OnSuccess: { Destination: DONE } } });

    server.service.functions.invokeEvent(arn, Buffer.from('{"id":7}'));
    await server.activity.settle();

    expect(sent).toMatchObject([
      {
        queueArn: DONE,
        record: {
          requestContext: { condition: 'Success', approximateInvokeCount: 1 },
          responseContext: { statusCode: 200, executedVersion: '$LATEST' },
          responsePayload: { ok: 7 },
        },
      },
    ]);
  });

  it('whose next try would come past its age is given up', async () => {
    const sent: Sent[] = [];
    await using server = await serveLambda({ queues: () => recording(sent) });
    const arn = await server.define('Task', FAILING);
    await configure(server, { MaximumEventAgeInSeconds: 100 });

    server.service.functions.invokeEvent(arn, Buffer.from('{}'));
    await server.clock.advanceBy(3_600_000);

    expect(triesAt(server)).toHaveLength(2);
    expect(sent).toMatchObject([
      { record: { requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 } } },
    ]);
  });

  it('of a function without any concurrency goes straight to the destination', async () => {
    const sent: Sent[] = [];
    await using server = await serveLambda({ queues: () => recording(sent) });
    const arn = await server.define('Task', WORKING, { ReservedConcurrentExecutions: 0 });
    await configure(server, {});

    server.service.functions.invokeEvent(arn, Buffer.from('{}'));
    await server.activity.settle();

    const [record] = sent.map((one) => one.record);
    expect(record).toMatchObject({
      requestContext: { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 },
    });
    expect(record).not.toHaveProperty('responseContext');
  });

  it('beyond the reserved concurrency comes again a second later', async () => {
    await using server = await serveLambda();
    const arn = await server.define('Task', WORKING, { ReservedConcurrentExecutions: 1 });

    for (const id of [1, 2]) server.service.functions.invokeEvent(arn, Buffer.from(`{"id":${id}}`));
    await server.activity.settle();
    expect(idsGot(server)).toEqual([1]);
    await server.clock.advanceBy(1000);

    expect(idsGot(server)).toEqual([1, 2]);
  });

  it('beyond this machine’s environments waits for one, without the clock', async () => {
    await using server = await serveLambda();
    const arn = await server.define('Task', WORKING);
    const ids = Array.from({ length: 20 }, (_, id) => id);

    for (const id of ids) server.service.functions.invokeEvent(arn, Buffer.from(`{"id":${id}}`));
    await server.activity.settle();

    expect(idsGot(server).toSorted((one, other) => one - other)).toEqual(ids);
  });

  it('whose record may not be sent is reported as a delivery failure', async () => {
    const sent: Sent[] = [];
    await using server = await serveLambda({
      queues: () => recording(sent),
      denied: ['sqs:SendMessage'],
    });
    const arn = await server.define('Task', FAILING);
    await configure(server, { MaximumRetryAttempts: 0 });

    server.service.functions.invokeEvent(arn, Buffer.from('{}'));
    await server.activity.settle();

    expect(sent).toEqual([]);
    expect(server.log.at(-1)).toContain('destination delivery failure');
  });

  it('of an unknown function is refused', async () => {
    await using server = await serveLambda();

    expect(() => server.service.functions.invokeEvent(ARN, Buffer.from('{}'))).toThrow(
      expect.objectContaining({ code: 'ResourceNotFoundException' }),
    );
  });
});

describe('the queue', () => {
  it('goes on after a restart with the retry that was booked', async () => {
    using state = openState();
    await failOnce(state);

    await using server = await serveLambda({ state });
    await server.define('Task', WORKING);
    server.service.start();
    await server.activity.settle();
    expect(idsGot(server)).toEqual([]);
    await server.clock.advanceBy(60_000);
    expect(idsGot(server)).toEqual([7]);

    expect(state.collection('lambda-events').entries()).toEqual([]);
    expect(state.collection('lambda-event-payloads').entries()).toEqual([]);
  });

  it('tries again what the end of the last run cut off, and does not count it', async () => {
    using state = openState();
    const first = await serveLambda({ state });
    const arn = await first.define(
      'Task',
      'export const handler = () => new Promise(() => setInterval(() => {}, 1e3))',
    );
    first.service.functions.invokeEvent(arn, Buffer.from('{"id":7}'));
    await first[Symbol.asyncDispose]();

    await using second = await serveLambda({ state });
    await second.define('Task', WORKING);
    second.service.start();
    await second.activity.settle();

    expect(idsGot(second)).toEqual([7]);
  });

  it('drops events of a function that is gone', async () => {
    using state = openState();
    await failOnce(state);

    await using server = await serveLambda({ state });
    server.service.start();

    expect(server.log).toEqual([expect.stringContaining('function that is gone')]);
    expect(state.collection('lambda-events').entries()).toEqual([]);
  });
});

interface Sent {
  readonly queueArn: string;
  readonly record: unknown;
}

function recording(sent: Sent[]): Queues {
  return {
    send: (queueArn, { body }) => sent.push({ queueArn, record: JSON.parse(body) }),
    receive: () => [],
    delete: () => {},
    onAvailable: () => () => {},
  };
}

async function configure(server: LambdaServer, properties: Record<string, unknown>): Promise<void> {
  await server.create('AWS::Lambda::EventInvokeConfig', {
    FunctionName: NAME,
    Qualifier: '$LATEST',
    DestinationConfig: { OnFailure: { Destination: DEAD } },
    ...properties,
  });
}

async function failOnce(state: ReturnType<typeof openState>): Promise<void> {
  await using server = await serveLambda({ state });
  const arn = await server.define('Task', FAILING);
  server.service.functions.invokeEvent(arn, Buffer.from('{"id":7}'));
  await server.activity.settle();
}

function triesAt(server: LambdaServer): number[] {
  return server.written.flatMap((line) => /try at (\d+)/.exec(line)?.[1] ?? []).map(Number);
}

function idsGot(server: LambdaServer): number[] {
  return server.written.flatMap((line) => /got (\d+)/.exec(line)?.[1] ?? []).map(Number);
}
