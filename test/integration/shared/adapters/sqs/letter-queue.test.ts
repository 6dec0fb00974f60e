import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLetterQueue } from '#shared/adapters/sqs/letter-queue.ts';
import { aRecord } from '#test/support/dead-letters.ts';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

let server: StorageServer;
let queueUrl: string;

beforeAll(async () => {
  server = await serveStorage();
  const made = await server.sqsClient.send(new CreateQueueCommand({ QueueName: 'letters' }));
  queueUrl = made.QueueUrl ?? '';
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const nowSeconds = () => Math.floor(server.clock.nowMs() / 1000);
const letters = (url: string) =>
  createLetterQueue({ client: server.sqsClient, queueUrl: url, now: nowSeconds });

async function receive(): Promise<unknown> {
  const { Messages: [message] = [] } = await server.sqsClient.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 43_200 }),
  );
  return message?.Body === undefined ? undefined : JSON.parse(message.Body);
}

describe('the queue of failed invocations', () => {
  it.each([
    ['not before it can be decided', 130, 130],
    ['at once where that has passed', -5, 0],
    ['after 15 minutes at most', 1_200, 900],
  ])('delivers a letter again %s', async (_, waitSeconds, delaySeconds) => {
    const body = { requestPayload: { v: 1 }, wait: waitSeconds };
    const startMs = server.clock.nowMs();

    await letters(queueUrl).sendAgain(aRecord(body), nowSeconds() + waitSeconds);

    if (delaySeconds > 0) {
      await server.clock.advanceTo(startMs + (delaySeconds - 1) * 1000);
      expect(await receive()).toBeUndefined();
      await server.clock.advanceTo(startMs + delaySeconds * 1000);
    }
    expect(await receive()).toEqual(body);
  });

  it('fails with store.unavailable where it does not answer', async () => {
    const sending = letters(`${queueUrl}-nowhere`).sendAgain(aRecord({}), 0);

    await expect(sending).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
