import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { fenceOf } from '#shared/domain/job/decide-claim.ts';
import { decideBuffer, decideOverlap, type Meeting } from '#shared/domain/job/decide-overlap.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import { jobId, parseJobId } from '#shared/domain/job/job-key.ts';
import { LONGEST_WAIT_SECONDS } from '#shared/domain/job/look-again.ts';
import type { Overlap } from '#shared/domain/job/overlap.ts';
import { LONGEST_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import {
  bufferSlot,
  HANDED_OVER_SECONDS,
  type Slot,
  type SlotGroup,
  type SlotHolder,
  scheduleSlot,
  scheduleSlots,
} from '#shared/domain/job/slot.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { unrunSettlement } from '#shared/runner/create-unrun.ts';
import { type RunnerPorts, secondsNow, type TurnPorts } from '#shared/runner/runner-ports.ts';

/** A job that asks for its schedule's slot. */
export interface AskingJob {
  readonly start: Start;
  readonly overlap: Overlap;
  /** How long it would hold the slot without settling. */
  readonly leaseUntil: EpochSeconds;
}

/** What came of it. */
export type ScheduleSlotTaken =
  | { readonly kind: 'taken' }
  | { readonly kind: 'left-out'; readonly error: JobError }
  | { readonly kind: 'waits'; readonly waitingFor: SlotGroup };

/** What asking needs. */
export type SlotPorts = TurnPorts & Pick<RunnerPorts, 'jobs' | 'nowMs'>;

/** Each lost race means that another job has the slot since; after so many the job waits. */
const MOST_RACES = 4;

/**
 * Takes a schedule's one slot, or does what the schedule's overlap says about the job that has it.
 *
 *     take ── taken
 *      └──── held ── read how the holder stands ── decide ── take it from one that has gone, ask again
 *                                                   ├─────── settle the holder, ask again
 *                                                   ├─────── ask the holder to end, wait
 *                                                   └─────── wait, or be left out
 */
export async function takeScheduleSlot(
  asking: AskingJob,
  ports: SlotPorts,
): Promise<ScheduleSlotTaken> {
  const { start, overlap, leaseUntil } = asking;
  const slot = scheduleSlot(start.scheduleId);
  let from: SlotHolder | undefined;
  for (let races = 0; races < MOST_RACES; races += 1) {
    const taken = await ports.slots.take(slot, { holder: nameOf(start), leaseUntil }, from);
    if (taken.kind === 'taken') return taken;
    const meeting = await meet(asking, taken.by, ports);
    from = undefined;
    switch (decideOverlap(meeting)) {
      case 'take':
        from = taken.by;
        break;
      case 'settle-holder':
        if (await settleHolder(meeting, start, ports)) from = taken.by;
        break;
      case 'skip':
        return leftOut(`${taken.by.holder} has not ended`, overlap);
      case 'cancel':
        await askToEnd(meeting, ports);
        return waitInTurn(asking, ports);
      case 'wait':
        return waitInTurn(asking, ports);
    }
  }
  return waits(start);
}

/** Under `buffer-all` any number may wait; else one does, in a slot of its own. A later attempt is not kept from waiting by anyone. */
async function waitInTurn(asking: AskingJob, ports: SlotPorts): Promise<ScheduleSlotTaken> {
  const { start, overlap } = asking;
  if (overlap === 'buffer-all' || start.attempt > 1) return waits(start);
  const slot: Slot = bufferSlot(start.scheduleId);
  let from: SlotHolder | undefined;
  for (let races = 0; races < MOST_RACES; races += 1) {
    const leaseUntil = secondsNow(ports) + LONGEST_WAIT_SECONDS + HANDED_OVER_SECONDS;
    const taken = await ports.slots.take(slot, { holder: nameOf(start), leaseUntil }, from);
    if (taken.kind === 'taken') return waits(start);
    const meeting = await meet(asking, taken.by, ports);
    const decision = decideBuffer(meeting);
    if (decision === 'skip') return leftOut(`${taken.by.holder} waits already`, overlap);
    const isFree = decision === 'take' || (await settleHolder(meeting, start, ports));
    from = isFree ? taken.by : undefined;
  }
  return leftOut('others have come to wait', overlap);
}

async function meet(
  { start, overlap }: AskingJob,
  holder: SlotHolder,
  ports: SlotPorts,
): Promise<Meeting> {
  const holderKey = parseJobId(holder.holder);
  return {
    overlap,
    key: keyOfStart(start),
    attempt: start.attempt,
    holder,
    standing: holderKey && (await ports.waiting.standing(holderKey)),
    now: secondsNow(ports),
  };
}

/**
 * Settles the job that has the slot, while it still stands as it was met.
 *
 *     queued | running | retrying ── settle ──▶ settled `cancelled`
 *
 * A running one's attempt finds that it has been fenced off.
 */
async function settleHolder(meeting: Meeting, start: Start, ports: SlotPorts): Promise<boolean> {
  const { holder, standing, overlap, now } = meeting;
  const key = parseJobId(holder.holder);
  if (!key || !standing) return false;
  // Whichever way the other was started, none of its starts comes later than this.
  const deliverBy = toIso(now + LONGEST_CATCH_UP_WINDOW_SECONDS);
  const written = await ports.jobs.settle(key, fenceOf(standing), {
    ...unrunSettlement({ ...start, deliverBy }, 'cancelled', ports),
    error: {
      name: 'Overlap',
      message: `${nameOf(start)} came in its place, as the schedule's overlap is ${overlap}.`,
    },
  });
  return written.kind === 'written';
}

/** Where it has gone on meanwhile, the next look finds how it stands. */
async function askToEnd(meeting: Meeting, ports: SlotPorts): Promise<void> {
  const { holder, standing, key, overlap, now } = meeting;
  const holderKey = parseJobId(holder.holder);
  if (!holderKey || !standing || standing.isCancelRequested) return;
  await ports.jobs.requestCancel(holderKey, fenceOf(standing), {
    at: toIso(now),
    by: 'almanac',
    note: `${jobId(key)} is due, and the schedule's overlap is ${overlap}`,
  });
}

function leftOut(because: string, overlap: Overlap): ScheduleSlotTaken {
  const message = `Left out: ${because}, and the schedule's overlap is ${overlap}.`;
  return { kind: 'left-out', error: { name: 'Overlap', message } };
}

function waits({ scheduleId }: Start): ScheduleSlotTaken {
  return { kind: 'waits', waitingFor: scheduleSlots(scheduleId) };
}

function nameOf(start: Start): string {
  return jobId(keyOfStart(start));
}
