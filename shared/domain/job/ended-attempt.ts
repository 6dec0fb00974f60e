import type { JobError } from '#shared/domain/job/job.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { cutUtf8, utf8Bytes } from '#shared/domain/result/utf8.ts';

/** How one attempt of a job ended that had several. */
export interface EndedAttempt {
  readonly attempt: number;
  readonly outcome: Outcome;
  /** As ISO 8601. */
  readonly startedAt?: string;
  /** Absent where the attempt died, as nobody saw it end. */
  readonly durationMs?: number;
  /** Name and message are 128 bytes at most; the job's own `error` has more of the last one. */
  readonly error?: Pick<JobError, 'name' | 'message'>;
}

/** A job's row keeps this many of its last attempts, so that it stays small however often it was tried. */
const MOST_ATTEMPTS = 5;

const NAME_BYTES = 40;
const NAME_AND_MESSAGE_BYTES = 128;

/** Adds the end of an attempt to those before it, and drops the oldest beyond {@link MOST_ATTEMPTS}. */
export function withEndedAttempt(
  before: readonly EndedAttempt[],
  ended: EndedAttempt,
): readonly EndedAttempt[] {
  const { error, ...rest } = ended;
  return [...before, { ...rest, ...(error && { error: shortened(error) }) }].slice(-MOST_ATTEMPTS);
}

function shortened(error: Pick<JobError, 'name' | 'message'>): Pick<JobError, 'name' | 'message'> {
  const name = cutUtf8(error.name, NAME_BYTES);
  return { name, message: cutUtf8(error.message, NAME_AND_MESSAGE_BYTES - utf8Bytes(name)) };
}
