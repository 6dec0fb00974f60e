/** As much as has been read of one shard of a day, newest first. */
export interface ReadShard<Entry extends Finished> {
  /** Of what finished in the same second, the lower shard's comes first. */
  readonly shard: number;
  readonly found: readonly Entry[];
  /** When the last entry finished that was looked at, found or not; absent once the shard has been read to its end. */
  readonly readTo?: string;
}

/** What the order goes by: when something finished, as ISO 8601 of one length, so that texts sort as instants do. */
export interface Finished {
  readonly finishedAt: string;
}

/** What can be given so far, and which shards have to be read further before more can be. */
export interface TakenInOrder<Entry> {
  readonly taken: readonly { readonly shard: number; readonly entry: Entry }[];
  /** Empty when as many as wanted were taken, or nothing is left. */
  readonly blockers: readonly number[];
}

/**
 * Merges the shards of a day, newest first, as far as what has been read allows.
 *
 *     shard 0   09:58 ─ 09:41 ─ 09:30 │ read to here
 *     shard 1   09:59 ─ 09:45 │ read to here: what it has yet to show finished at 09:45 or before
 *               └── can be given ──┘ 09:41 waits until shard 1 has been read further
 */
export function takeInOrder<Entry extends Finished>(
  shards: readonly ReadShard<Entry>[],
  wanted: number,
): TakenInOrder<Entry> {
  const candidates = shards
    .flatMap(({ shard, found }) => found.map((entry) => ({ shard, entry })))
    .toSorted((one, other) => compare(placeOf(one), placeOf(other)));
  const unread = leastReadShard(shards);
  const isSafe = (candidate: (typeof candidates)[number]) =>
    unread === undefined || compare(placeOf(candidate), unread) <= 0;
  const safe = candidates.filter(isSafe);
  if (safe.length >= wanted) return { taken: safe.slice(0, wanted), blockers: [] };
  const next = candidates[safe.length];
  return {
    taken: safe,
    blockers: unreadPlaces(shards)
      .filter((place) => next === undefined || compare(placeOf(next), place) > 0)
      .map(({ shard }) => shard),
  };
}

/**
 * Finds the place up to which all shards have been read, and in which shard it is.
 *
 * @returns `undefined` once all have been read to their end.
 */
export function leastReadShard(shards: readonly ReadShard<Finished>[]): Place | undefined {
  return unreadPlaces(shards).toSorted(compare)[0];
}

/** A place in the order of all shards. */
interface Place extends Finished {
  readonly shard: number;
}

function unreadPlaces(shards: readonly ReadShard<Finished>[]): readonly Place[] {
  return shards.flatMap(({ shard, readTo }) =>
    readTo === undefined ? [] : [{ shard, finishedAt: readTo }],
  );
}

function placeOf({ shard, entry }: { readonly shard: number; readonly entry: Finished }): Place {
  return { shard, finishedAt: entry.finishedAt };
}

/** Newest first, then by shard; the entries of one shard stay in the order in which they were read. */
function compare(one: Place, other: Place): number {
  if (one.finishedAt !== other.finishedAt) return one.finishedAt > other.finishedAt ? -1 : 1;
  return one.shard - other.shard;
}
