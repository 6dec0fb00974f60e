import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { LEASE_GRACE_SECONDS } from '#shared/domain/job/decide-claim.ts';
import { fireTimeOf, type JobKey, parseJobId } from '#shared/domain/job/job-key.ts';
import type { Overlap } from '#shared/domain/job/overlap.ts';
import type { JobStanding } from '#shared/domain/job/settlement.ts';
import type { SlotHolder } from '#shared/domain/job/slot.ts';

/** A job that finds its schedule's slot held, and how the holder stands. */
export interface Meeting {
  readonly overlap: Overlap;
  /** The job that has come. */
  readonly key: JobKey;
  readonly attempt: number;
  readonly holder: SlotHolder;
  /** The holder's row; absent where it has none, yet or any more. */
  readonly standing: JobStanding | undefined;
  readonly now: EpochSeconds;
}

/** What becomes of a job that finds its schedule's slot held. */
export type OverlapDecision =
  /** The holder has let go of the slot, or never came for it: the slot may be taken from it. */
  | 'take'
  | 'skip'
  | 'wait'
  /** The holder runs: it is asked to end, and the job waits until it has. */
  | 'cancel'
  /** The holder is settled, and the slot taken. */
  | 'settle-holder';

/**
 * Decides between a job and the one that has its schedule's slot.
 *
 * An older job never ends a newer one: its start has come late, and it is left out. A later attempt of a job is never left out, as the
 * job has been let in by its first; it has the slot itself, unless that was lost.
 */
export function decideOverlap(meeting: Meeting): OverlapDecision {
  const { overlap, attempt, standing } = meeting;
  if (isVacant(meeting)) return 'take';
  if (attempt > 1) return 'wait';
  switch (overlap) {
    case 'allow-all':
      return 'take';
    case 'skip':
      return 'skip';
    case 'buffer-one':
    case 'buffer-all':
      return 'wait';
    case 'cancel-other':
      if (isOlder(meeting)) return 'skip';
      return standing?.state === 'running' ? 'cancel' : settleOnceThere(standing);
    case 'terminate-other':
      return isOlder(meeting) ? 'skip' : settleOnceThere(standing);
  }
}

/** What becomes of a job that is to wait where one may wait, and another does. */
export type BufferDecision = 'take' | 'skip' | 'settle-holder';

/**
 * Decides between a job that is to wait and the one that has the buffer: the first stays under `buffer-one`, the newest under the
 * policies by which a later job ends the others.
 */
export function decideBuffer(meeting: Meeting): BufferDecision {
  const { overlap, standing } = meeting;
  const hasGone = standing !== undefined && standing.state !== 'queued';
  if (hasGone || (standing === undefined && isLeaseOver(meeting))) return 'take';
  if (overlap === 'buffer-one' || isOlder(meeting) || standing === undefined) return 'skip';
  return 'settle-holder';
}

/**
 * A running or retrying job has its slot until it settles, however long ago its lease ended: whoever decides about the dead settles it,
 * or has it tried again. One that waits, or is about to be claimed, has it for its lease.
 */
function isVacant(meeting: Meeting): boolean {
  switch (meeting.standing?.state) {
    case 'settled':
      return true;
    case 'running':
    case 'retrying':
      return false;
    case 'queued':
    case undefined:
      return isLeaseOver(meeting);
  }
}

function isLeaseOver({ holder, now }: Meeting): boolean {
  return holder.leaseUntil + LEASE_GRACE_SECONDS <= now;
}

/** By the second; of two jobs that were asked for within one, the one that comes is the later. */
function isOlder({ key, holder }: Meeting): boolean {
  const other = parseJobId(holder.holder);
  return other === undefined || fireTimeOf(key) < fireTimeOf(other);
}

/** A holder without a row is just about to make one: it is met again in a moment. */
function settleOnceThere(standing: JobStanding | undefined): 'settle-holder' | 'wait' {
  return standing === undefined ? 'wait' : 'settle-holder';
}
