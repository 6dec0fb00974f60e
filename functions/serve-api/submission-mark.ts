import { createHash } from 'node:crypto';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { SubmissionMark } from '#shared/ports/job-submissions.ts';
import { invalidRequest } from './invalid-request.ts';

/** For so long a key is remembered, as clients do not repeat a request for longer. */
const REMEMBERED_SECONDS = 86_400;

const LONGEST_KEY_CHARACTERS = 255;

/** As many characters as a ULID has, whose place it takes in a job's id; 134 bits of the hash. */
const NAME_CHARACTERS = 26;

/** Who asks for what, under which key. */
export interface KeyedRequest {
  /** The `Idempotency-Key` header. */
  readonly key: string;
  readonly caller: string;
  /** A schedule's id, or `task:` and a task's: the same key means another job at another address. */
  readonly scheduleId: string;
  readonly body: unknown;
  readonly now: EpochSeconds;
}

/**
 * Makes of a request with an `Idempotency-Key` the mark by which its repetition is known.
 *
 * @throws {AlmanacError} `request.invalid` for a key that is empty or longer than 255 characters.
 */
export function submissionMark(request: KeyedRequest): SubmissionMark {
  const { key, caller, scheduleId, body, now } = request;
  if (key.length === 0 || key.length > LONGEST_KEY_CHARACTERS)
    throw invalidRequest([
      {
        pointer: '',
        code: 'field.invalid',
        detail: `Expected the header \`Idempotency-Key\` to be 1 to ${LONGEST_KEY_CHARACTERS} characters long, got ${key.length}.`,
      },
    ]);
  return {
    name: BigInt(`0x${hash([caller, scheduleId, key])}`)
      .toString(36)
      .toUpperCase()
      .slice(-NAME_CHARACTERS)
      .padStart(NAME_CHARACTERS, '0'),
    request: hash(body).slice(0, 32),
    expiresAt: now + REMEMBERED_SECONDS,
  };
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
