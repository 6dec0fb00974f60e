import { fnv1a } from '#shared/domain/fnv1a.ts';

/**
 * A fingerprint of a set of texts in 4 KB, however many they are: taken once over each of two sets it is empty where they are equal,
 * and says else in which of its parts they differ.
 *
 * Two unequal sets pass for equal with a chance of one in 2^55 for each part; the next audit has another set.
 */
export type Tally = Uint32Array;

/** So many parts; each has two words. */
const PARTS = 512;
const WORDS = 2 * PARTS;

/** The fingerprint of no text. */
export function emptyTally(): Tally {
  return new Uint32Array(WORDS);
}

/** Takes texts into a tally, or, those that are in it already, out of it again. */
export function toggleInTally(tally: Tally, texts: Iterable<string>): Tally {
  const toggled = tally.slice();
  for (const text of texts) {
    const at = 2 * partOf(text);
    toggled[at] = (toggled[at] ?? 0) ^ fnv1a(text);
    toggled[at + 1] = (toggled[at + 1] ?? 0) ^ fnv1a(`#${text}`);
  }
  return toggled;
}

/** Tells whether a tally is empty: both sets were the same. */
export function isLevel(tally: Tally): boolean {
  return tally.every((word) => word === 0);
}

/** Tells whether a text may be in one of the sets alone: its part of the tally is not empty. */
export function mayDiffer(tally: Tally, text: string): boolean {
  const at = 2 * partOf(text);
  return tally[at] !== 0 || tally[at + 1] !== 0;
}

function partOf(text: string): number {
  return fnv1a(text) % PARTS;
}
