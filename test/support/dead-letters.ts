import type { QueueRecord } from '#shared/adapters/sqs/queue-event.ts';
import { type Start, serializeStart } from '#shared/domain/job/start.ts';

/** Builds what a queue hands over, its body as JSON already read. */
export function aRecord(body: unknown, attributes: Record<string, string> = {}): QueueRecord {
  return { messageId: 'message-1', body, attributes };
}

/**
 * Builds what EventBridge puts into its dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export function anUndeliveredRecord(
  start: Start,
  attributes: Record<string, string> = {},
): QueueRecord {
  return aRecord(JSON.parse(serializeStart(start)), {
    ERROR_CODE: 'AccessDeniedException',
    ERROR_MESSAGE: 'not authorized to perform: lambda:InvokeFunction',
    EXECUTION_ID: 'd32c5kddcf5bb8c3',
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: '0',
    SCHEDULED_TIME: '2026-11-23T09:00:00Z',
    ...attributes,
  });
}

/**
 * Builds what Lambda sends of an invocation that failed.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function aFailedInvocation(
  start: Start,
  changes: Record<string, unknown> = {},
): QueueRecord {
  return aRecord({
    version: '1.0',
    timestamp: '2026-11-23T09:00:03.000Z',
    requestContext: {
      requestId: 'request-1',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Almanac-dev-task-sales-report',
      condition: 'RetriesExhausted',
      approximateInvokeCount: 1,
    },
    requestPayload: JSON.parse(serializeStart(start)),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited.' },
    ...changes,
  });
}
