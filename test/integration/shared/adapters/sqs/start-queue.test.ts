import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStartQueue } from '#shared/adapters/sqs/start-queue.ts';
import { parseStart } from '#shared/domain/job/parse-start.ts';
import type { QueuedMessage, StartQueue } from '#shared/ports/start-queue.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

let server: StorageServer;
let queueUrl: string;
let queue: StartQueue;

beforeAll(async () => {
  server = await serveStorage();
  const made = await server.sqsClient.send(new CreateQueueCommand({ QueueName: 'starts' }));
  queueUrl = made.QueueUrl ?? '';
  const now = () => Math.floor(server.clock.nowMs() / 1000);
  queue = createStartQueue({ queueUrl, now, client: server.sqsClient });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function receive(): Promise<unknown> {
  const { Messages: [message] = [] } = await server.sqsClient.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 43_200 }),
  );
  return message?.Body === undefined ? undefined : JSON.parse(message.Body);
}

describe('the starts queue', () => {
  it('hands a start over once it is due, not before', async () => {
    const start = aStart({ attempt: 2, input: { html: '<b>' } });
    const message: QueuedMessage = { kind: 'start', notBefore: FIRE_TIME + 60, start };

    await queue.send(message);
    await server.clock.advanceTo((FIRE_TIME + 59) * 1000);
    expect(await receive()).toBeUndefined();
    await server.clock.advanceTo((FIRE_TIME + 60) * 1000);

    const received = await receive();
    expect(received).toEqual({ ...start, notBefore: FIRE_TIME + 60 });
    expect(parseStart(received)).toEqual({ kind: 'start', start });
  });

  it('hands over early what SQS cannot delay so long, for its receiver to send on', async () => {
    const now = Math.floor(server.clock.nowMs() / 1000);
    const message: QueuedMessage = {
      kind: 'project',
      notBefore: now + 10_000,
      scheduleId: 'daily-sales',
      generation: 7,
    };

    await queue.send(message);
    await server.clock.advanceBy(900_000);

    expect(await receive()).toEqual(message);
  });

  it('hands over at once what is overdue', async () => {
    await queue.send({ kind: 'start', notBefore: 0, start: aStart() });

    expect(await receive()).toEqual({ ...aStart(), notBefore: 0 });
  });

  it('says that the queue does not answer, with the cause', async () => {
    const lost = createStartQueue({
      queueUrl: `${queueUrl}-lost`,
      now: () => FIRE_TIME,
      client: server.sqsClient,
    });

    await expect(lost.send({ kind: 'start', notBefore: 0, start: aStart() })).rejects.toMatchObject(
      { code: 'store.unavailable', cause: { name: 'QueueDoesNotExist' } },
    );
  });
});
