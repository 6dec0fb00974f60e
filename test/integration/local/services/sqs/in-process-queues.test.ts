import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:';
const JOBS = `${ARN}jobs`;

async function serveQueue(attributes: Record<string, string> = {}): Promise<StorageServer> {
  const server = await serveStorage();
  await server.sqsClient.send(new CreateQueueCommand({ QueueName: 'dead' }));
  await server.sqsClient.send(
    new CreateQueueCommand({ QueueName: 'jobs', Attributes: attributes }),
  );
  return server;
}

describe('in-process queues', () => {
  it('hand a message over in the words of a Lambda event', async () => {
    await using server = await serveQueue();
    const { queues } = server.sqs;

    const { messageId } = queues.send(JOBS, { body: 'hello', attributes: { ERROR_CODE: 'X' } });
    const messages = queues.receive(JOBS, { maxMessages: 100 });

    expect(messages).toEqual([
      {
        messageId,
        receiptHandle: expect.any(String),
        body: 'hello',
        md5OfBody: '5d41402abc4b2a76b9719d911017c592',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: '1795424400000',
          ApproximateFirstReceiveTimestamp: '1795424400000',
          SenderId: '000000000000',
        },
        messageAttributes: { ERROR_CODE: { stringValue: 'X', dataType: 'String' } },
      },
    ]);
  });

  it('tell whoever listens, within the activity that made a message available', async () => {
    await using server = await serveQueue();
    const { queues } = server.sqs;
    const heard: string[] = [];
    const stop = queues.onAvailable(JOBS, () => {
      const [message] = queues.receive(JOBS, { maxMessages: 1 });
      heard.push(`${message?.body} at ${server.clock.nowMs() % 100_000}`);
      expect(server.activity.underWay()).not.toEqual([]);
    });

    queues.send(JOBS, { body: 'sent' });
    queues.send(JOBS, { body: 'delayed', delaySeconds: 10 });
    expect(heard).toEqual(['sent at 0']);
    await server.clock.advanceBy(35_000);
    stop();
    queues.send(JOBS, { body: 'unheard' });

    // The first is shown again when its visibility timeout of 30 s ends.
    expect(heard).toEqual(['sent at 0', 'delayed at 10000', 'sent at 30000']);
  });

  it('tell the listeners of a dead-letter queue what is given up to it', async () => {
    await using server = await serveQueue({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 1 }),
    });
    const { queues } = server.sqs;
    const given: unknown[] = [];
    queues.onAvailable(JOBS, () => queues.receive(JOBS, { maxMessages: 10 }));
    queues.onAvailable(`${ARN}dead`, () =>
      given.push(...queues.receive(`${ARN}dead`, { maxMessages: 10 })),
    );

    queues.send(JOBS, { body: 'poison' });
    expect(given).toEqual([]);
    await server.clock.advanceBy(30_000);

    expect(given).toMatchObject([
      { body: 'poison', attributes: { DeadLetterQueueSourceArn: JOBS } },
    ]);
  });

  it('delete what has been dealt with, so that it does not come again', async () => {
    await using server = await serveQueue();
    const { queues } = server.sqs;
    queues.send(JOBS, { body: 'a' });
    queues.send(JOBS, { body: 'b' });
    const [first] = queues.receive(JOBS, { maxMessages: 10 });

    queues.delete(JOBS, [first?.receiptHandle ?? '']);
    await server.clock.advanceBy(30_000);

    expect(queues.receive(JOBS, { maxMessages: 10 }).map(({ body }) => body)).toEqual(['b']);
  });

  it('refuse a queue that is not there', async () => {
    await using server = await serveQueue();

    expect(() => server.sqs.queues.send(`${ARN}missing`, { body: 'x' })).toThrow(
      expect.objectContaining({ code: 'AWS.SimpleQueueService.NonExistentQueue' }),
    );
  });

  it('count SendMessage over HTTP as theirs, with the role as its sender', async () => {
    await using server = await serveQueue();
    const QueueUrl = `${server.sqsUrl}/000000000000/jobs`;

    await server.roleSqsClient().send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));

    expect(server.sqs.queues.receive(JOBS, { maxMessages: 1 })).toMatchObject([
      { body: 'x', attributes: { SenderId: expect.stringContaining('reader') } },
    ]);
  });
});
