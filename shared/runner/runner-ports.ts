import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobHistory, JobReader, JobStore } from '#shared/ports/job-store.ts';
import type { JobWatch } from '#shared/ports/job-watch.ts';
import type { PayloadStore } from '#shared/ports/payload-store.ts';
import type { RedactionKey } from '#shared/ports/redaction-key.ts';
import type { ScheduleStatusReader } from '#shared/ports/schedule-status.ts';
import type { SlotStore } from '#shared/ports/slot-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { WaitingJobs } from '#shared/ports/waiting-jobs.ts';
import type { LostErrorEvents } from '#shared/runner/lost-error.ts';
import type { InputResolver } from '#shared/runner/resolve-input.ts';

/** What running a job needs of the world. */
export interface RunnerPorts {
  readonly jobs: JobStore;
  readonly schedules: ScheduleStatusReader;
  /** Loaded when first needed: most invocations have a small result, and load no S3 client. */
  readonly payloads: () => Promise<
    Pick<PayloadStore, 'putResult' | 'putShared' | 'putUnsettled' | 'openUpload'>
  >;
  /** The key that redacted values are hashed with; asked for only where a policy hashes. */
  readonly redactionKey: RedactionKey;
  /** Loaded when first needed, by a policy that looks at the result before. */
  readonly history: () => Promise<Pick<JobHistory, 'successBefore'> & Pick<JobReader, 'get'>>;
  /** Loaded when first needed, by a retry. */
  readonly starts: () => Promise<StartQueue>;
  /** Loaded when first needed, by a job whose schedule or task bounds what runs at once. */
  readonly turns: () => Promise<TurnPorts>;
  /** How many attempts of the task may run at once, whatever schedules they are of; absent: any number. */
  readonly maxRunningJobs?: number;
  /** Loaded when first needed, by a task that watches for its job being cancelled. */
  readonly watch: () => Promise<JobWatch>;
  /** Loaded when first needed, by an input that refers to results. */
  readonly inputs: () => Promise<InputResolver>;
  /** No larger result of this task is kept; absent: 50 MB. */
  readonly largestResultBytes?: number;
  readonly nowMs: () => number;
  /** Where the process tells of errors that nobody catches. */
  readonly lostErrors: LostErrorEvents;
  /** A new random name, from characters that an object's key takes as they are. */
  readonly newOwner: () => string;
}

/** What taking turns needs of the world. */
export interface TurnPorts {
  readonly slots: SlotStore;
  readonly waiting: WaitingJobs;
}

/** One invocation of a task's function. */
export interface Invocation {
  /** Milliseconds until Lambda kills it. */
  readonly remainingMs: () => number;
}

/** The current second, begun but not over. */
export function secondsNow(ports: Pick<RunnerPorts, 'nowMs'>): EpochSeconds {
  return Math.floor(ports.nowMs() / 1000);
}
