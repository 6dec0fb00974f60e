import { isFailure, type Outcome } from '#shared/domain/job/outcome.ts';

/** How one job of a schedule ended. */
export interface JobEnd {
  readonly jobId: string;
  readonly outcome: Outcome;
}

/** What a schedule's last jobs say of whether it goes on. */
export type FailurePause =
  | { readonly kind: 'pause'; readonly note: string }
  | { readonly kind: 'leave' }
  /** These all failed, or say nothing, and are too few. */
  | { readonly kind: 'look-further' };

/** Who such a pause is by, in the place of someone's ARN. */
export const PAUSED_BY_ALMANAC = 'almanac';

/**
 * Decides whether a schedule has failed so often in a row that it pauses itself.
 *
 * The order is that of the fire times, whenever each job has settled. A job that was left out or cancelled says nothing of the task,
 * and one that someone asked for nothing of the schedule: neither counts, and neither breaks the row.
 *
 * @param ends - Newest fire time first, without jobs that have not settled.
 * @param most - The policy's `pauseAfterFailures`, from 1.
 */
export function decideFailurePause(ends: readonly JobEnd[], most: number): FailurePause {
  const telling = ends.filter(
    ({ jobId, outcome }) => !isAskedFor(jobId) && (outcome === 'success' || isFailure(outcome)),
  );
  const firstSuccess = telling.findIndex(({ outcome }) => outcome === 'success');
  const failed = firstSuccess === -1 ? telling : telling.slice(0, firstSuccess);
  const [last] = failed;
  if (last !== undefined && failed.length >= most)
    return { kind: 'pause', note: noteOf(last, most) };
  return { kind: firstSuccess === -1 ? 'look-further' : 'leave' };
}

/** Tells whether a job is beside the schedule's own fire times, as one of `run` is. */
export function isAskedFor(jobId: string): boolean {
  return jobId.includes('~');
}

function noteOf({ jobId, outcome }: JobEnd, most: number): string {
  const last = `${jobId} (${outcome})`;
  return most === 1
    ? `${last} has failed.`
    : `${most} jobs in a row have failed, the last of them ${last}.`;
}
