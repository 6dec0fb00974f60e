import type { JobError } from '#shared/domain/job/job.ts';
import { cutUtf8 } from '#shared/domain/result/utf8.ts';

/** As long as the message of any other error. */
const MESSAGE_BYTES = 384;

/**
 * Says of a job that is settled because someone asked for it, who that was and why.
 *
 * @param name - What was done to it, as `Cancelled`.
 */
export function requestError(
  name: string,
  { by, note }: { readonly by: string; readonly note?: string },
): JobError {
  const why = note === undefined ? '' : `: ${note}`;
  return { name, message: cutUtf8(`${name} by ${by}${why}`, MESSAGE_BYTES) };
}
