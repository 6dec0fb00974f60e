import * as z from 'zod';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { describeError } from '#shared/domain/job/describe-error.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import { parseStart } from '#shared/domain/job/parse-start.ts';
import type { Start } from '#shared/domain/job/start.ts';

/** How an adopted task's function ended, as Lambda tells of it. */
export interface ForeignEnd {
  readonly start: Start;
  /** Names the invocation; its retries share it. */
  readonly requestId: string;
  /** How often Lambda has called the function; 0 where it never came to it. */
  readonly attempt: number;
  /** When Lambda let go of the invocation, rounded up to the second. When it began is not told. */
  readonly endedAt: EpochSeconds;
  readonly end:
    | { readonly kind: 'returned'; readonly value: unknown }
    | {
        readonly kind: 'failed';
        readonly outcome: 'error' | 'timed-out' | 'undelivered';
        readonly error: JobError;
      };
}

const record = z.object({
  timestamp: z.iso.datetime(),
  requestContext: z.object({
    requestId: z.string(),
    condition: z.string(),
    approximateInvokeCount: z.int(),
  }),
  requestPayload: z.unknown(),
  responseContext: z.object({ functionError: z.string().optional() }).optional(),
  responsePayload: z.unknown(),
});

type EndRecord = z.output<typeof record>;

const failure = z.object({
  errorType: z.string().default('Error'),
  errorMessage: z.string().default(''),
  /** Of Node, and of other languages. */
  trace: z.array(z.string()).default([]),
  stackTrace: z.array(z.unknown()).default([]),
});

/**
 * Reads what Lambda sends of an asynchronous invocation that is over.
 *
 * @returns `undefined` where the invocation was not of a start: an adopted function may have other callers, whose ends come here too.
 * @throws a schema error for what is no such record.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function readForeignEnd(body: unknown): ForeignEnd | undefined {
  const ended = record.parse(body);
  const parsed = parseStart(ended.requestPayload);
  if (parsed.kind === 'malformed') return undefined;
  const { requestId, approximateInvokeCount } = ended.requestContext;
  return {
    start: parsed.start,
    requestId,
    attempt: approximateInvokeCount,
    endedAt: Math.ceil(Date.parse(ended.timestamp) / 1000),
    end: endOf(ended),
  };
}

function endOf({ requestContext, responseContext, responsePayload }: EndRecord): ForeignEnd['end'] {
  const { condition } = requestContext;
  if (condition === 'Success') return { kind: 'returned', value: responsePayload };
  if (!responseContext) {
    const message = `Lambda gave the start up before the function took it: ${condition}.`;
    return { kind: 'failed', outcome: 'undelivered', error: { name: condition, message } };
  }
  const { errorType, errorMessage, trace, stackTrace } = failure
    .catch(failure.parse({}))
    .parse(responsePayload);
  const error = new Error(errorMessage || `The function ended as ${condition}.`);
  error.name = errorType;
  error.stack = [...trace, ...stackTrace].join('\n');
  const isTimedOut = errorType === TIMED_OUT || / Task timed out after /.test(errorMessage);
  return {
    kind: 'failed',
    outcome: isTimedOut ? 'timed-out' : 'error',
    error: describeError(error),
  };
}

/** Not every runtime's record names the type; the message is the same in all. */
const TIMED_OUT = 'Sandbox.Timedout';
