import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:';

async function makeQueue(server: StorageServer, QueueName: string, Attributes = {}) {
  const made = await server.sqsClient.send(new CreateQueueCommand({ QueueName, Attributes }));
  return made.QueueUrl ?? '';
}

async function attributesOf(server: StorageServer, QueueUrl: string) {
  const read = await server.sqsClient.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return read.Attributes ?? {};
}

async function receive(server: StorageServer, QueueUrl: string) {
  const { Messages = [] } = await server.sqsClient.send(
    new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] }),
  );
  return Messages;
}

describe('a queue', () => {
  it('has a URL on this machine, which its name finds again', async () => {
    await using server = await serveStorage();

    const QueueUrl = await makeQueue(server, 'jobs');
    const found = await server.sqsClient.send(new GetQueueUrlCommand({ QueueName: 'jobs' }));

    expect(QueueUrl).toBe(`${server.sqsUrl}/000000000000/jobs`);
    expect(found.QueueUrl).toBe(QueueUrl);
  });

  it('tells its attributes, with the defaults of AWS where none were given', async () => {
    await using server = await serveStorage();
    const QueueUrl = await makeQueue(server, 'jobs', { VisibilityTimeout: '90' });

    expect(await attributesOf(server, QueueUrl)).toEqual({
      QueueArn: `${ARN}jobs`,
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: '1795424400',
      LastModifiedTimestamp: '1795424400',
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      VisibilityTimeout: '90',
      SqsManagedSseEnabled: 'true',
    });
  });

  it('takes changed attributes from then on', async () => {
    await using server = await serveStorage();
    const QueueUrl = await makeQueue(server, 'jobs');
    const set = (Attributes: Record<string, string>) =>
      server.sqsClient.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));

    await set({ DelaySeconds: '10' });
    await server.sqsClient.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));

    expect(await attributesOf(server, QueueUrl)).toMatchObject({
      DelaySeconds: '10',
      ApproximateNumberOfMessagesDelayed: '1',
    });
    await expect(set({ DelaySeconds: '901' })).rejects.toMatchObject({
      name: 'InvalidAttributeValue',
    });
    await expect(set({ Colour: 'red' })).rejects.toMatchObject({ name: 'InvalidAttributeName' });
    await expect(set({ RedrivePolicy: '{' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  it('is made once, and refused under its name with other attributes', async () => {
    await using server = await serveStorage();
    const first = await makeQueue(server, 'jobs', { DelaySeconds: '1' });

    expect(await makeQueue(server, 'jobs', { DelaySeconds: '1' })).toBe(first);
    await expect(makeQueue(server, 'jobs', { DelaySeconds: '2' })).rejects.toMatchObject({
      name: 'QueueNameExists',
    });
    await expect(makeQueue(server, 'jobs.fifo', { FifoQueue: 'true' })).rejects.toThrow(
      'FIFO queues are not served',
    );
    await expect(makeQueue(server, 'a b')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('is listed by the beginning of its name, page by page', async () => {
    await using server = await serveStorage();
    for (const name of ['b-2', 'a-1', 'b-1', 'b-3']) await makeQueue(server, name);
    const list = (more: object) =>
      server.sqsClient.send(new ListQueuesCommand({ QueueNamePrefix: 'b-', ...more }));

    const first = await list({ MaxResults: 2 });
    const second = await list({ MaxResults: 2, NextToken: first.NextToken });

    const names = [first, second].map(({ QueueUrls }) =>
      QueueUrls?.map((url) => url.split('/').at(-1)),
    );
    expect(names).toEqual([['b-1', 'b-2'], ['b-3']]);
    expect(second.NextToken).toBeUndefined();
  });

  it('loses its messages by a purge, and itself by a delete', async () => {
    await using server = await serveStorage();
    const QueueUrl = await makeQueue(server, 'jobs');
    await server.sqsClient.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));

    await server.sqsClient.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await receive(server, QueueUrl)).toEqual([]);
    await server.sqsClient.send(new DeleteQueueCommand({ QueueUrl }));

    const fault = await receive(server, QueueUrl).catch((error: unknown) => error);
    expect(fault).toMatchObject({
      name: 'QueueDoesNotExist',
      message: 'The specified queue does not exist.',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('keeps its messages over a restart, those in flight hidden until their time', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'almanac-sqs-'));
    onTestFinished(() => rm(dataDir, { recursive: true }));
    {
      await using server = await serveStorage({ dataDir });
      const QueueUrl = await makeQueue(server, 'jobs');
      for (const MessageBody of ['taken', 'left', 'deleted'])
        await server.sqsClient.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      await receive(server, QueueUrl);
      const third = server.sqs.queues.receive(`${ARN}jobs`, { maxMessages: 2 })[1];
      server.sqs.queues.delete(`${ARN}jobs`, [third?.receiptHandle ?? '']);
    }

    await using server = await serveStorage({ dataDir });
    const QueueUrl = `${server.sqsUrl}/000000000000/jobs`;
    await server.clock.advanceBy(29_999);
    expect(await receive(server, QueueUrl)).toEqual([]);
    await server.clock.advanceBy(1);

    const [first] = await receive(server, QueueUrl);
    const [second] = await receive(server, QueueUrl);
    expect([first?.Body, second?.Body]).toEqual(['taken', 'left']);
    expect(first?.Attributes?.['ApproximateReceiveCount']).toBe('2');
    expect(await receive(server, QueueUrl)).toEqual([]);
  });
});

describe('a redrive policy', () => {
  it('gives a message up to the dead-letter queue when it would be received once too often', async () => {
    await using server = await serveStorage();
    const deadUrl = await makeQueue(server, 'dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 2 });
    const QueueUrl = await makeQueue(server, 'jobs', { RedrivePolicy });
    const sent = await server.sqsClient.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }),
    );

    for (const count of ['1', '2']) {
      const [message] = await receive(server, QueueUrl);
      expect(message?.Attributes?.['ApproximateReceiveCount']).toBe(count);
      await server.clock.advanceBy(30_000);
    }
    expect(await receive(server, deadUrl)).toEqual([]);
    expect(await receive(server, QueueUrl)).toEqual([]);

    expect(await receive(server, deadUrl)).toMatchObject([
      {
        MessageId: sent.MessageId,
        Body: 'poison',
        Attributes: { DeadLetterQueueSourceArn: `${ARN}jobs`, SentTimestamp: '1795424400000' },
      },
    ]);
    expect(await attributesOf(server, QueueUrl)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      RedrivePolicy,
    });
    const sources = await server.sqsClient.send(
      new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadUrl }),
    );
    expect(sources.queueUrls).toEqual([QueueUrl]);
  });

  it('is refused when its dead-letter queue is missing, or does not allow it', async () => {
    await using server = await serveStorage();
    await makeQueue(server, 'closed', {
      RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'denyAll' }),
    });
    const make = (target: string) =>
      makeQueue(server, 'jobs', {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: ARN + target, maxReceiveCount: 1 }),
      });

    await expect(make('missing')).rejects.toThrow('Dead letter target does not exist');
    await expect(make('closed')).rejects.toThrow('RedriveAllowPolicy');
  });
});

describe('permissions', () => {
  const Entries = [{ Id: 'a', MessageBody: 'x', ReceiptHandle: 'r' }];

  it.each([
    ['SendMessage', (to: object) => new SendMessageCommand({ ...to, MessageBody: 'x' } as never)],
    ['SendMessage', (to: object) => new SendMessageBatchCommand({ ...to, Entries } as never)],
    ['ReceiveMessage', (to: object) => new ReceiveMessageCommand(to as never)],
    [
      'DeleteMessage',
      (to: object) => new DeleteMessageCommand({ ...to, ReceiptHandle: 'r' } as never),
    ],
    ['DeleteMessage', (to: object) => new DeleteMessageBatchCommand({ ...to, Entries } as never)],
    [
      'ChangeMessageVisibility',
      (to: object) =>
        new ChangeMessageVisibilityCommand({
          ...to,
          ReceiptHandle: 'r',
          VisibilityTimeout: 0,
        } as never),
    ],
    ['GetQueueAttributes', (to: object) => new GetQueueAttributesCommand(to as never)],
    ['PurgeQueue', (to: object) => new PurgeQueueCommand(to as never)],
    ['ListQueueTags', (to: object) => new ListQueueTagsCommand(to as never)],
  ])('%s is needed on the ARN of the queue', async (action, command) => {
    await using server = await serveStorage({ deny: () => true });
    const QueueUrl = await makeQueue(server, 'jobs');
    server.asked.length = 0;

    const sent = server.roleSqsClient().send(command({ QueueUrl }) as ReceiveMessageCommand);

    await expect(sent).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    expect(server.asked).toEqual([`sqs:${action} ${ARN}jobs`]);
  });
});
