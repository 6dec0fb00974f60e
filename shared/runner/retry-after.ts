/**
 * Thrown by a task: this attempt has failed, and the next should begin so much later, as a server's `Retry-After` says.
 *
 * The wait replaces the policy's own and is neither shortened to `maxDelay` nor spread. Whether there is a next attempt is still the
 * policy's to say: without `retry`, after `maxAttempts`, and where the wait passes the delivery window, the job ends in `error`.
 */
export class RetryAfter extends Error {
  override readonly name = 'RetryAfter';
  readonly seconds: number;

  /**
   * @param seconds - From now, 0 or more; parts of a second are rounded up.
   * @throws {RangeError} for anything else.
   */
  constructor(
    seconds: number,
    message = `The next attempt should begin in ${seconds} s.`,
    options: ErrorOptions = {},
  ) {
    super(message, options);
    if (!Number.isFinite(seconds) || seconds < 0)
      throw new RangeError(`Expected a wait to be seconds from 0, got ${seconds}.`);
    this.seconds = seconds;
  }
}
