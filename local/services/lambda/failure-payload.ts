import { MAX_SYNC_PAYLOAD_BYTES } from '#local/services/lambda/payload-limits.ts';

/** How a process ended, as Node reports it. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The answer of an invocation that ran past its function's limit. */
export function timeoutPayload(requestId: string, timeoutSeconds: number): Buffer {
  return failurePayload(
    'Sandbox.Timedout',
    `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  );
}

/** The answer of an invocation whose process ended before it answered. */
export function exitPayload(requestId: string, exit: ProcessExit): Buffer {
  return failurePayload('Runtime.ExitError', `RequestId: ${requestId} Error: ${reasonOf(exit)}`);
}

/** The answer in the place of one that passes Lambda's limit. */
export function tooLargePayload(): Buffer {
  return failurePayload(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${MAX_SYNC_PAYLOAD_BYTES} bytes).`,
  );
}

function reasonOf({ code, signal }: ProcessExit): string {
  if (signal === 'SIGKILL') return 'Runtime exited with error: signal: killed';
  if (signal === 'SIGABRT') return 'Runtime exited with error: signal: aborted';
  if (signal !== null) return `Runtime exited with error: signal: ${signal}`;
  if (code === 0) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: exit status ${code}`;
}

function failurePayload(errorType: string, errorMessage: string): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}
