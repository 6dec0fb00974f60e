import type { EventFilter } from '#local/services/lambda/event-filter.ts';
import { jsonOr } from '#local/services/lambda/json-or.ts';
import type { QueueMessage } from '#local/services/lambda/queues.ts';

/** A message as a function's event holds it. See https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** Words a message for an event. */
export function queueRecord(message: QueueMessage, queueArn: string): QueueRecord {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.messageAttributes).map(([name, { stringValue, dataType }]) => [
        name,
        { stringValue, stringListValues: [], binaryListValues: [], dataType },
      ]),
    ),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}

/**
 * Applies a filter to a message: a body of JSON is matched by its members, any other as the text that it is.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 */
export function passesQueueFilter(record: QueueRecord, filter: EventFilter): boolean {
  return filter({ ...record, body: jsonOrText(record.body) });
}

function jsonOrText(body: string): unknown {
  const value = jsonOr(body, body);
  return typeof value === 'object' && value !== null ? value : body;
}
