import * as z from 'zod';
import type { QueueRecord } from '#shared/adapters/sqs/queue-event.ts';
import type { DeadLetter } from '#shared/domain/job/decide-undelivered.ts';
import { parseStart } from '#shared/domain/job/parse-start.ts';
import type { Start } from '#shared/domain/job/start.ts';

/**
 * What Lambda sends of an invocation that failed.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const failedInvocation = z.object({
  requestContext: z.object({ condition: z.string() }),
  requestPayload: z.unknown(),
  responseContext: z.object({ functionError: z.string().optional() }).optional(),
  responsePayload: z
    .object({ errorType: z.string().optional(), errorMessage: z.string().optional() })
    .optional()
    .catch(undefined),
});

/**
 * Reads a dead letter, from EventBridge, from the starts queue after its last delivery, or from a task's failed invocation.
 *
 * @returns `undefined` where it holds no start, as when someone has invoked a task by hand: there is no job to settle then.
 */
export function readLetter(record: QueueRecord): DeadLetter | undefined {
  const failed = failedInvocation.safeParse(record.body);
  if (failed.success) return readFailedInvocation(failed.data);
  const start = startIn(record.body);
  return start && readUndelivered(start, record.attributes);
}

function readFailedInvocation({
  requestPayload,
  requestContext,
  responseContext,
  responsePayload,
}: z.output<typeof failedInvocation>): DeadLetter | undefined {
  const start = startIn(requestPayload);
  if (!start) return undefined;
  return {
    start,
    kind: responseContext ? 'crashed' : 'not-delivered',
    code: responsePayload?.errorType ?? responseContext?.functionError ?? requestContext.condition,
    message:
      responsePayload?.errorMessage ?? `The invocation ended as ${requestContext.condition}.`,
    isPermanent: false,
  };
}

/**
 * EventBridge names the condition that exhausted its retries; where there is none, it has not retried, as the refusal was permanent.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
function readUndelivered(start: Start, attributes: QueueRecord['attributes']): DeadLetter {
  const code = attributes['ERROR_CODE'];
  return {
    start,
    kind: 'not-delivered',
    code: code ?? 'StartsQueue.Exhausted',
    message:
      attributes['ERROR_MESSAGE'] ??
      'The starts queue could not hand it to its task in five tries.',
    isPermanent: code !== undefined && attributes['EXHAUSTED_RETRY_CONDITION'] === undefined,
  };
}

function startIn(json: unknown): Start | undefined {
  const parsed = parseStart(json);
  return parsed.kind === 'start' ? parsed.start : undefined;
}
