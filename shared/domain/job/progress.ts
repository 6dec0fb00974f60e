import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { cutUtf8 } from '#shared/domain/result/utf8.ts';

/** How far a running attempt says it has come. */
export interface Progress {
  /** From 0 to 1. */
  readonly fraction: number;
  /** At most 128 bytes. */
  readonly note?: string;
  /** When it was said, as ISO 8601. */
  readonly at: string;
}

const NOTE_BYTES = 128;

/** More digits than anyone can see would only make the row longer. */
const STEPS = 10_000;

/**
 * Puts what a task says of its progress into bounded form: a fraction outside 0 to 1 is taken to its nearer end, one that is no number
 * for 0.
 */
export function describeProgress(
  fraction: number,
  note: string | undefined,
  now: EpochSeconds,
): Progress {
  const bounded = Math.min(Math.max(Number(fraction) || 0, 0), 1);
  return {
    fraction: Math.round(bounded * STEPS) / STEPS,
    ...(note !== undefined && { note: cutUtf8(String(note), NOTE_BYTES) }),
    at: toIso(now),
  };
}
