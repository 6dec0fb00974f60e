/** A sum that is kept beside a fence, and what is to be counted into it. */
export interface FencedCount<Sum> {
  /** What it is a sum of, as an error calls it. */
  readonly name: string;
  readonly read: () => Promise<Sum | undefined>;
  /** Counts into what was read; gives the same back where all has been counted before. */
  readonly count: (read: Sum | undefined) => Sum | undefined;
  /** @returns `false` when another delivery has counted in between. */
  readonly replace: (sum: Sum, read: Sum | undefined) => Promise<boolean>;
}

/** Another delivery can count in between only this often before the batch is given back to the stream. */
const MOST_TRIES = 5;

/**
 * Counts into a sum, and again where another delivery has counted in between.
 *
 * @throws {AlmanacError} `store.unavailable`; an error where others keep coming between. The stream then delivers the batch again.
 */
export async function countFenced<Sum>({
  name,
  read,
  count,
  replace,
}: FencedCount<Sum>): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const present = await read();
    const sum = count(present);
    if (sum === undefined || sum === present) return;
    if (await replace(sum, present)) return;
  }
  throw new Error(
    `Expected to count ${name} within ${MOST_TRIES} tries, got a concurrent count each time; the stream will deliver the batch again.`,
  );
}
