import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import type { SweptRow } from '#shared/domain/job/open-job.ts';

/** How far the jobs that were submitted to a task are swept. */
export interface TaskPlace {
  /** Every job whose instant is before it is at rest, but for those that are named here. */
  readonly sweptTo: EpochSeconds;
  /** The `fireTime`s of jobs before `sweptTo` that had not settled. */
  readonly open: readonly string[];
}

/** Where the sweep of a task begins. */
export const FIRST_PLACE: TaskPlace = { sweptTo: 0, open: [] };

/** So many open jobs are remembered; with more the place stays at the first of the others. */
export const MOST_OPEN = 100;

/**
 * Finds how far a task's jobs are swept, once they have been read: one that is tried for hours holds up none of those after it.
 *
 * @param rows - Those that were open, and all from the place on, in order.
 * @param to - Up to and including which instant these are all.
 */
export function nextPlace(
  { sweptTo }: TaskPlace,
  rows: readonly SweptRow[],
  to: EpochSeconds,
): TaskPlace {
  const open = rows.filter((row) => row.open !== undefined).map(({ key }) => key);
  const [firstLeft] = open.slice(MOST_OPEN);
  // An empty range is read again at the price of a new place.
  const end = rows.some(({ key }) => fireTimeOf(key) >= sweptTo) ? to + 1 : sweptTo;
  const at = firstLeft ? Math.min(fireTimeOf(firstLeft), end) : end;
  return {
    sweptTo: at,
    open: open.filter((key) => fireTimeOf(key) < at).map(({ fireTime }) => fireTime),
  };
}
