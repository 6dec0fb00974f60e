import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { STORAGE_START_MS, type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

let server: StorageServer;
let QueueUrl: string;

beforeEach(async () => {
  server = await serveStorage();
  QueueUrl = await makeQueue('jobs');
});
afterEach(() => server[Symbol.asyncDispose]());

async function makeQueue(QueueName: string, Attributes = {}): Promise<string> {
  const made = await server.sqsClient.send(new CreateQueueCommand({ QueueName, Attributes }));
  return made.QueueUrl ?? '';
}

function send(MessageBody: string, more: object = {}) {
  return server.sqsClient.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
}

async function receive(more: Partial<ReceiveMessageCommandInput> = {}) {
  const { Messages = [] } = await server.sqsClient.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }),
  );
  return Messages;
}

async function bodies(more: Partial<ReceiveMessageCommandInput> = {}): Promise<unknown[]> {
  return (await receive(more)).map(({ Body }) => Body);
}

async function counts(): Promise<string> {
  const { Attributes } = await server.sqsClient.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return [
    Attributes?.ApproximateNumberOfMessages,
    Attributes?.ApproximateNumberOfMessagesNotVisible,
    Attributes?.ApproximateNumberOfMessagesDelayed,
  ].join(' ');
}

describe('a message', () => {
  it('arrives with its body and attributes, whose digests the SDK has verified', async () => {
    const { MessageId, MD5OfMessageBody } = await send('{"a":"ä"}', {
      MessageAttributes: {
        b: { DataType: 'String', StringValue: 'text ü' },
        a: { DataType: 'Number.int', StringValue: '42' },
        c: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
    });

    const [message] = await receive({
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });

    expect(message).toMatchObject({
      MessageId,
      MD5OfBody: MD5OfMessageBody,
      Body: '{"a":"ä"}',
      Attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(STORAGE_START_MS),
        ApproximateFirstReceiveTimestamp: String(STORAGE_START_MS),
        SenderId: '000000000000',
        AWSTraceHeader: 'Root=1',
      },
      MessageAttributes: {
        a: { DataType: 'Number.int', StringValue: '42' },
        b: { DataType: 'String', StringValue: 'text ü' },
        c: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) },
      },
    });
    expect(message?.MD5OfMessageAttributes).toMatch(/^[\da-f]{32}$/);
  });

  it('tells only the attributes that were asked for', async () => {
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    await send('x', {
      MessageAttributes: { 'job.id': text('1'), 'job.at': text('2'), k: text('3') },
    });

    const [some] = await receive({ MessageAttributeNames: ['job.*'], VisibilityTimeout: 0 });
    const [none] = await receive();

    expect(Object.keys(some?.MessageAttributes ?? {}).sort()).toEqual(['job.at', 'job.id']);
    expect(none?.MessageAttributes).toBeUndefined();
    expect(none?.Attributes).toBeUndefined();
  });

  it('stays hidden until its delay has passed on the clock', async () => {
    await send('late', { DelaySeconds: 900 });
    expect(await counts()).toBe('0 0 1');

    await server.clock.advanceBy(899_999);
    expect(await bodies()).toEqual([]);
    await server.clock.advanceBy(1);

    expect(await counts()).toBe('1 0 0');
    expect(await bodies()).toEqual(['late']);
  });

  it('stays hidden until its visibility timeout has passed on the clock, then counts again', async () => {
    await send('again');
    const [first] = await receive({ VisibilityTimeout: 60 });
    expect(await counts()).toBe('0 1 0');

    await server.clock.advanceBy(59_999);
    expect(await bodies()).toEqual([]);
    await server.clock.advanceBy(1);
    const [second] = await receive({ AttributeNames: ['All'] });

    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    expect(second?.Attributes).toMatchObject({
      ApproximateReceiveCount: '2',
      ApproximateFirstReceiveTimestamp: String(STORAGE_START_MS),
    });
  });

  it('can be hidden longer, or shown at once', async () => {
    await send('held');
    const [message] = await receive({ VisibilityTimeout: 30 });
    const ReceiptHandle = message?.ReceiptHandle;
    const change = (VisibilityTimeout: number) =>
      server.sqsClient.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
      );

    await change(300);
    await server.clock.advanceBy(299_999);
    expect(await bodies()).toEqual([]);
    await change(0);

    expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['held']);
    await expect(change(10)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('is deleted by its latest receipt alone', async () => {
    await send('once');
    const [first] = await receive({ VisibilityTimeout: 0 });
    const [second] = await receive({ VisibilityTimeout: 0 });
    const remove = (ReceiptHandle: string | undefined) =>
      server.sqsClient.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

    await remove(first?.ReceiptHandle);
    expect(await counts()).toBe('1 0 0');
    await remove(second?.ReceiptHandle);
    await remove(second?.ReceiptHandle);

    expect(await counts()).toBe('0 0 0');
    await expect(remove('bm9uc2Vuc2U=')).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  it('is gone once the retention of its queue has passed', async () => {
    QueueUrl = await makeQueue('short', { MessageRetentionPeriod: '60' });
    await send('old');
    await send('old and delayed', { DelaySeconds: 900 });

    await server.clock.advanceBy(59_999);
    expect(await counts()).toBe('1 0 1');
    await server.clock.advanceBy(1);

    expect(await counts()).toBe('0 0 0');
    expect(await bodies()).toEqual([]);
  });

  it.each([
    ['without a body', { MessageBody: '' }, 'MissingParameter'],
    ['with a character that XML has not', { MessageBody: 'a\u0000' }, 'InvalidMessageContents'],
    ['of more than a mebibyte', { MessageBody: 'x'.repeat(1_048_577) }, 'InvalidParameterValue'],
    ['delayed for too long', { MessageBody: 'x', DelaySeconds: 901 }, 'InvalidParameterValue'],
    [
      'with an attribute of no type',
      { MessageBody: 'x', MessageAttributes: { a: { DataType: 'Date', StringValue: '1' } } },
      'InvalidParameterValue',
    ],
  ])('is refused %s', async (_, message, name) => {
    const refused = server.sqsClient.send(new SendMessageCommand({ QueueUrl, ...message }));

    await expect(refused).rejects.toMatchObject({ name });
    expect(await counts()).toBe('0 0 0');
  });

  it('may have a mebibyte', async () => {
    await send('x'.repeat(1_048_576));

    expect(await counts()).toBe('1 0 0');
  });
});

describe('batches', () => {
  const entries = (...ids: string[]) => ids.map((Id) => ({ Id, MessageBody: `body ${Id}` }));

  it('send, hide and delete each entry by itself', async () => {
    const sent = await server.sqsClient.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [...entries('a', 'b'), { Id: 'c', MessageBody: '' }],
      }),
    );
    const received = await receive();
    const handles = received.map(({ ReceiptHandle }, at) => ({ Id: `m${at}`, ReceiptHandle }));
    const changed = await server.sqsClient.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: handles.map((handle) => ({ ...handle, VisibilityTimeout: 5 })),
      }),
    );
    const deleted = await server.sqsClient.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [...handles, { Id: 'bad', ReceiptHandle: 'bad' }],
      }),
    );

    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'b']);
    expect(sent.Failed).toMatchObject([{ Id: 'c', Code: 'MissingParameter', SenderFault: true }]);
    expect(received.map(({ Body }) => Body)).toEqual(['body a', 'body b']);
    expect(changed.Successful).toHaveLength(2);
    expect(deleted.Successful).toEqual([{ Id: 'm0' }, { Id: 'm1' }]);
    expect(deleted.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid' }]);
    expect(await counts()).toBe('0 0 0');
  });

  it.each([
    ['without entries', [], 'EmptyBatchRequest'],
    ['of eleven', entries(...'abcdefghijk'), 'TooManyEntriesInBatchRequest'],
    ['with one id twice', entries('a', 'a'), 'BatchEntryIdsNotDistinct'],
    ['with an id of another form', entries('a b'), 'InvalidBatchEntryId'],
    [
      'of more than a mebibyte in all',
      entries('a', 'b').map((entry) => ({ ...entry, MessageBody: 'x'.repeat(600_000) })),
      'BatchRequestTooLong',
    ],
  ])('are refused %s', async (_, Entries, name) => {
    const refused = server.sqsClient.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

    await expect(refused).rejects.toMatchObject({ name });
  });
});

describe('long polls', () => {
  const untilPolling = () =>
    vi.waitFor(
      () => {
        const operations = server.requests.snapshot().map(({ operation }) => operation);
        expect(operations).toContain('ReceiveMessage');
      },
      { interval: 5 },
    );

  it('are answered at once while the clock stands still, as nothing can come', async () => {
    expect(await bodies({ WaitTimeSeconds: 20 })).toEqual([]);
  });

  it('are answered by the message that comes, and are not under way meanwhile', async () => {
    server.clock.setRate(1);
    const polling = bodies({ WaitTimeSeconds: 20 });
    await untilPolling();
    await server.activity.settle();

    await send('awaited');

    expect(await polling).toEqual(['awaited']);
  });

  it('are answered by a message whose delay ends while they wait', async () => {
    await send('soon', { DelaySeconds: 1 });
    await server.clock.advanceBy(990);
    server.clock.setRate(1);

    expect(await bodies({ WaitTimeSeconds: 20 })).toEqual(['soon']);
  });

  it('end empty when their time is up on the clock', async () => {
    server.clock.setRate(1);
    const polling = bodies({ WaitTimeSeconds: 20 });
    await untilPolling();
    server.clock.setRate(0);

    await server.clock.advanceBy(20_000);

    expect(await polling).toEqual([]);
  });
});
