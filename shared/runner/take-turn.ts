import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import { LONGEST_WAIT_SECONDS } from '#shared/domain/job/look-again.ts';
import { pickSlots } from '#shared/domain/job/pick-slots.ts';
import {
  attemptName,
  HANDED_OVER_SECONDS,
  type Slot,
  type SlotGroup,
  scheduleSlot,
  scheduleSlots,
  taskSlot,
  taskSlots,
} from '#shared/domain/job/slot.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { type RunnerPorts, secondsNow, type TurnPorts } from '#shared/runner/runner-ports.ts';
import { takeScheduleSlot } from '#shared/runner/take-schedule-slot.ts';

/** The slots that a job has while it runs; absent where nothing bounds it. */
export interface HeldSlots {
  readonly schedule?: HeldSlot;
  readonly task?: HeldSlot;
}

export interface HeldSlot {
  readonly slot: Slot;
  readonly group: SlotGroup;
  readonly holder: string;
}

/** What came of asking whether a job may run beside those that do. */
export type Turn =
  | { readonly kind: 'has-turn'; readonly held: HeldSlots }
  /** Its schedule's `overlap` leaves it out; the error names the job that is in its way. */
  | { readonly kind: 'left-out'; readonly error: JobError }
  | { readonly kind: 'waits'; readonly waitingFor: SlotGroup };

/** Tells whether anything bounds what runs beside a job. Most jobs are bounded by nothing, and pay nothing for it. */
function needsTurn(
  { policy }: Start,
  { maxRunningJobs }: Pick<RunnerPorts, 'maxRunningJobs'>,
): boolean {
  return (policy.overlap ?? 'allow-all') !== 'allow-all' || maxRunningJobs !== undefined;
}

/**
 * Asks for the slots that a job needs to run: its schedule's by the policy `overlap`, then one of its task's.
 *
 *     schedule's slot ── task's slot ── claim ── run ── settle ── both let go of, or handed to whoever waits
 *
 * They are taken before the claim, under the same lease, so that a crash anywhere leaves a slot that is vacant when the lease has ended,
 * and never one too few.
 *
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function takeTurn(
  start: Start,
  leaseUntil: EpochSeconds,
  ports: Pick<RunnerPorts, 'jobs' | 'turns' | 'nowMs' | 'maxRunningJobs'>,
): Promise<Turn> {
  if (!needsTurn(start, ports)) return { kind: 'has-turn', held: {} };
  const turns = await ports.turns();
  const { overlap = 'allow-all' } = start.policy;
  const taken =
    overlap === 'allow-all'
      ? undefined
      : await takeScheduleSlot({ start, overlap, leaseUntil }, { ...ports, ...turns });
  if (taken && taken.kind !== 'taken') return taken;
  const schedule = taken && scheduleSlotOf(start);
  const { maxRunningJobs } = ports;
  if (maxRunningJobs === undefined)
    return { kind: 'has-turn', held: { ...(schedule && { schedule }) } };
  const task = await takeTaskSlot({ start, leaseUntil, slots: maxRunningJobs }, turns, ports);
  if (task) return { kind: 'has-turn', held: { ...(schedule && { schedule }), task } };
  // It is this job's turn in its schedule until it has one of the task's too.
  if (schedule)
    await turns.slots.take(schedule.slot, {
      holder: schedule.holder,
      leaseUntil: secondsNow(ports) + LONGEST_WAIT_SECONDS + HANDED_OVER_SECONDS,
    });
  return { kind: 'waits', waitingFor: taskSlots(start.task) };
}

/** Names the slot that a job has of its schedule, whether or not it has it. */
export function scheduleSlotOf(start: Start): HeldSlot {
  const { scheduleId } = start;
  return {
    slot: scheduleSlot(scheduleId),
    group: scheduleSlots(scheduleId),
    holder: jobId(keyOfStart(start)),
  };
}

async function takeTaskSlot(
  asked: { readonly start: Start; readonly leaseUntil: EpochSeconds; readonly slots: number },
  { slots }: TurnPorts,
  ports: Pick<RunnerPorts, 'nowMs'>,
): Promise<HeldSlot | undefined> {
  const { start, leaseUntil } = asked;
  const group = taskSlots(start.task);
  const holder = attemptName(keyOfStart(start), start.attempt);
  const candidates = pickSlots({
    slots: asked.slots,
    holders: await slots.holders(group),
    holder,
    now: secondsNow(ports),
  });
  for (const { index, from } of candidates) {
    const slot = taskSlot(start.task, index);
    const taken = await slots.take(slot, { holder, leaseUntil }, from);
    if (taken.kind === 'taken') return { slot, group, holder };
  }
  return undefined;
}
