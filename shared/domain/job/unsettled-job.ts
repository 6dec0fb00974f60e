import { type JobKey, jobId, parseJobId } from '#shared/domain/job/job-key.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import type { Settlement } from '#shared/domain/job/settlement.ts';

/** An attempt's end that could not be written to its row, as it lies in the payload bucket until it can. */
export interface UnsettledJob {
  readonly key: JobKey;
  readonly attempt: number;
  readonly owner: string;
  /** To be written as it is, on condition that the row is still running at this attempt under this owner. */
  readonly settlement: Settlement;
}

/** Writes an end as JSON; a compressed result as base64. */
export function encodeUnsettledJob(job: UnsettledJob): string {
  const { key, ...rest } = job;
  return JSON.stringify({ v: 1, job: jobId(key), ...rest }, bytesAsBase64);
}

/** Looks at the member itself: a Buffer, as Node's compression gives it, has become its own JSON by the time that it is `value`. */
function bytesAsBase64(this: unknown, name: string, value: unknown): unknown {
  const member: unknown = Object(this)[name];
  return member instanceof Uint8Array ? { base64: toBase64(member) } : value;
}

/**
 * Reads what {@link encodeUnsettledJob} wrote. What lies in the bucket is Almanac's own writing, so only what decides where it is
 * written is checked.
 *
 * @returns `undefined` for anything else.
 */
export function parseUnsettledJob(text: string): UnsettledJob | undefined {
  const read = parseJson(text);
  if (!isUnsettled(read)) return undefined;
  const { job, attempt, owner, settlement } = read;
  const key = parseJobId(job);
  return key && { key, attempt, owner, settlement };
}

interface Encoded extends Omit<UnsettledJob, 'key'> {
  readonly job: string;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) => {
      const { base64 }: { readonly base64?: unknown } = Object(value);
      return typeof base64 === 'string' ? fromBase64(base64) : value;
    });
  } catch {
    return undefined;
  }
}

function isUnsettled(value: unknown): value is Encoded {
  const { v, job, attempt, owner, settlement }: Record<string, unknown> = Object(value);
  const { outcome, finishedAt, expiry }: Record<string, unknown> = Object(settlement);
  const { expiresAt }: Record<string, unknown> = Object(expiry);
  return (
    v === 1 &&
    typeof job === 'string' &&
    Number.isSafeInteger(attempt) &&
    typeof owner === 'string' &&
    OUTCOMES.some((known) => known === outcome) &&
    Number.isSafeInteger(finishedAt) &&
    Number.isSafeInteger(expiresAt)
  );
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
