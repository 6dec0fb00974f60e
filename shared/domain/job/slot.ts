import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';

/**
 * A place that one holder at a time may have, as a row of the Jobs table beside the jobs: what bounds how many jobs run at once.
 *
 * No schedule can have a `scheduleId` with a colon, and no job a `fireTime` that begins with `#`.
 */
export interface Slot {
  /** `slot:daily-sales` or `slot:task:sales-report`; also what jobs that wait for it are listed by. */
  readonly scheduleId: string;
  /** `#0`, `#1`…; {@link bufferSlot} has `#buffer`. */
  readonly fireTime: string;
}

/** Who has a slot, and until when it is surely theirs. */
export interface SlotHolder {
  /** A job's id, or {@link attemptName}. */
  readonly holder: string;
  readonly leaseUntil: EpochSeconds;
}

/** Slots of one schedule or task share this name; a job that waits for one of them has it as `waitingFor`. */
export type SlotGroup = `slot:${string}`;

/** A holder to whom a slot is handed has this long to come for it. */
export const HANDED_OVER_SECONDS = 90;

/** Names what bounds the running jobs of one schedule. */
export function scheduleSlots(scheduleId: string): SlotGroup {
  return `slot:${scheduleId}`;
}

/** Names what bounds the running attempts of one task, whatever schedule they are of. */
export function taskSlots(taskId: string): SlotGroup {
  return `slot:task:${taskId}`;
}

/** The one slot of a schedule: its holder is a job, from before its claim until it has settled, its retries included. */
export function scheduleSlot(scheduleId: string): Slot {
  return { scheduleId: scheduleSlots(scheduleId), fireTime: '#0' };
}

/** The one place in which a job waits for its schedule's slot, where no two may wait. */
export function bufferSlot(scheduleId: string): Slot {
  return { scheduleId: scheduleSlots(scheduleId), fireTime: '#buffer' };
}

/** One slot of a task: its holder is an attempt, for as long as it runs. */
export function taskSlot(taskId: string, index: number): Slot {
  return { scheduleId: taskSlots(taskId), fireTime: `#${index}` };
}

/** Names an attempt as the holder of a task's slot. */
export function attemptName(key: JobKey, attempt: number): string {
  return `${jobId(key)}#${attempt}`;
}
