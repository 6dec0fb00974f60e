import type { JobError } from '#shared/domain/job/job.ts';
import { cutUtf8 } from '#shared/domain/result/utf8.ts';

/** That someone wants a running job to end. */
export interface CancelRequest {
  /** As ISO 8601. */
  readonly at: string;
  /** The ARN of whoever asked. */
  readonly by: string;
  readonly note?: string;
}

/** As long as the message of any other error. */
const MESSAGE_BYTES = 384;

/** Says of a job that has not begun, or waits for its next attempt, who cancelled it and why. */
export function cancelError({ by, note }: Pick<CancelRequest, 'by' | 'note'>): JobError {
  const why = note === undefined ? '' : `: ${note}`;
  return { name: 'Cancelled', message: cutUtf8(`Cancelled by ${by}${why}`, MESSAGE_BYTES) };
}
