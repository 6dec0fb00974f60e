import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseXml } from '#local/services/s3/xml.ts';
import { type StorageServer, serveStorage } from '#test/support/serve-storage.ts';

let server: StorageServer;

beforeEach(async () => {
  server = await serveStorage();
});
afterEach(() => server[Symbol.asyncDispose]());

/** Calls SQS as AWS CLI 2.9 does: a form, to the queue's own URL. */
async function call(action: string, fields: Record<string, string> = {}, url = server.sqsUrl) {
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ Action: action, Version: '2012-11-05', ...fields }),
  });
  return { status: answer.status, document: parseXml(await answer.text()) };
}

function textOf(document: unknown, element: string): string[] {
  const found: string[] = [];
  JSON.stringify(document, (name, value: unknown) => {
    if (name === element && Array.isArray(value))
      found.push(...value.filter((each) => typeof each === 'string'));
    return value;
  });
  return found;
}

describe("SQS's query protocol", () => {
  it('makes a queue with attributes and tags, and tells them', async () => {
    const made = await call('CreateQueue', {
      QueueName: 'jobs',
      'Attribute.1.Name': 'DelaySeconds',
      'Attribute.1.Value': '3',
      'Attribute.2.Name': 'VisibilityTimeout',
      'Attribute.2.Value': '40',
      'Tag.1.Key': 'app',
      'Tag.1.Value': 'almanac',
    });
    const [QueueUrl = ''] = textOf(made.document, 'QueueUrl');

    const attributes = await call(
      'GetQueueAttributes',
      { 'AttributeName.1': 'DelaySeconds', 'AttributeName.2': 'VisibilityTimeout' },
      QueueUrl,
    );
    const tags = await call('ListQueueTags', { QueueUrl });

    expect(attributes.document).toMatchObject({
      GetQueueAttributesResponse: [
        {
          GetQueueAttributesResult: [
            {
              Attribute: [
                { Name: ['DelaySeconds'], Value: ['3'] },
                { Name: ['VisibilityTimeout'], Value: ['40'] },
              ],
            },
          ],
        },
      ],
    });
    expect(textOf(tags.document, 'Key')).toEqual(['app']);
    expect(textOf((await call('ListQueues')).document, 'QueueUrl')).toEqual([QueueUrl]);
  });

  it('sends, receives and deletes', async () => {
    const [QueueUrl = ''] = textOf(
      (await call('CreateQueue', { QueueName: 'jobs' })).document,
      'QueueUrl',
    );
    const sent = await call('SendMessage', {
      QueueUrl,
      MessageBody: 'a <b> & c',
      'MessageAttribute.1.Name': 'kind',
      'MessageAttribute.1.Value.DataType': 'String',
      'MessageAttribute.1.Value.StringValue': 'test',
    });

    const received = await call('ReceiveMessage', {
      QueueUrl,
      'AttributeName.1': 'ApproximateReceiveCount',
      'MessageAttributeName.1': 'All',
    });
    const [ReceiptHandle = ''] = textOf(received.document, 'ReceiptHandle');
    const deleted = await call('DeleteMessage', { QueueUrl, ReceiptHandle });

    expect(received.document).toMatchObject({
      ReceiveMessageResponse: [
        {
          ReceiveMessageResult: [
            {
              Message: [
                {
                  MessageId: textOf(sent.document, 'MessageId'),
                  MD5OfBody: textOf(sent.document, 'MD5OfMessageBody'),
                  MD5OfMessageAttributes: textOf(sent.document, 'MD5OfMessageAttributes'),
                  Body: ['a <b> & c'],
                  Attribute: [{ Name: ['ApproximateReceiveCount'], Value: ['1'] }],
                  MessageAttribute: [
                    {
                      Name: ['kind'],
                      Value: [{ StringValue: ['test'], DataType: ['String'] }],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(deleted.status).toBe(200);
    expect(
      server.sqs.queues.receive('arn:aws:sqs:us-east-1:000000000000:jobs', { maxMessages: 1 }),
    ).toEqual([]);
  });

  it('sends a batch, with the entries that fail beside those that do not', async () => {
    const [QueueUrl = ''] = textOf(
      (await call('CreateQueue', { QueueName: 'jobs' })).document,
      'QueueUrl',
    );

    const { document } = await call('SendMessageBatch', {
      QueueUrl,
      'SendMessageBatchRequestEntry.1.Id': 'good',
      'SendMessageBatchRequestEntry.1.MessageBody': 'x',
      'SendMessageBatchRequestEntry.1.DelaySeconds': '5',
      'SendMessageBatchRequestEntry.2.Id': 'bad',
      'SendMessageBatchRequestEntry.2.MessageBody': 'x',
      'SendMessageBatchRequestEntry.2.DelaySeconds': '901',
    });

    expect(document).toMatchObject({
      SendMessageBatchResponse: [
        {
          SendMessageBatchResult: [
            {
              SendMessageBatchResultEntry: [{ Id: ['good'] }],
              BatchResultErrorEntry: [
                { Id: ['bad'], Code: ['InvalidParameterValue'], SenderFault: ['true'] },
              ],
            },
          ],
        },
      ],
    });
  });

  it('tells faults under their older codes', async () => {
    const missing = await call('GetQueueUrl', { QueueName: 'missing' });
    const unknown = await call('Dance');

    expect(missing).toMatchObject({
      status: 400,
      document: {
        ErrorResponse: [
          {
            Error: [
              {
                Type: ['Sender'],
                Code: ['AWS.SimpleQueueService.NonExistentQueue'],
                Message: ['The specified queue does not exist.'],
              },
            ],
          },
        ],
      },
    });
    expect(textOf(unknown.document, 'Code')).toEqual(['InvalidAction']);
  });
});
