import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { InputSource } from '#shared/domain/input/input-source.ts';
import type { CancelRequest } from '#shared/domain/job/cancel-request.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { JobFilter } from '#shared/domain/job/job-filter.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { Progress } from '#shared/domain/job/progress.ts';
import type {
  ClaimedJob,
  FailedAttempt,
  Fence,
  JobStanding,
  SettledFacts,
  Settlement,
  Waiting,
} from '#shared/domain/job/settlement.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { ReadCost } from '#shared/domain/read-cost.ts';

/** What became of a conditional write: a refused one has changed nothing, and tells how the row stands; absent: there is none. */
export type Written =
  | { readonly kind: 'written' }
  | { readonly kind: 'refused'; readonly found?: JobStanding };

/**
 * The writes of a job's life. Each is one conditional write, so that of two writers one wins.
 *
 *     create ──────▶ running ── settle ──▶ settled
 *                     │   ▲
 *               retry │   │ takeOver
 *                     ▼   │
 *                    retrying, queued, or a running row whose lease has ended
 *
 * Every method throws {AlmanacError} `store.unavailable` after the client's own retries. A write whose answer was lost may then
 * have been made; where the client's retry finds it, it is `refused` with our own `owner` in `found`.
 */
export interface JobStore {
  /** Claims a job that has no row. */
  create(job: ClaimedJob): Promise<Written>;
  /** Settles a job that has no row: one that is not run, as `missed`, `skipped` and `undelivered`, or that ran without a claim. */
  createSettled(job: SettledFacts, settlement: Settlement): Promise<Written>;
  /** Has a job without a row wait for its turn: its row is queued, with the start that comes again. */
  createWaiting(start: Start, waiting: Waiting): Promise<Written>;
  /** Has a job that is queued or retrying wait for its turn, while its row stands as it was read. */
  wait(start: Start, from: Fence, waiting: Waiting): Promise<Written>;
  /** Claims a job for another attempt, while its row stands as it was read. */
  takeOver(job: ClaimedJob, from: Fence): Promise<Written>;
  /** Ends a job, while its row stands as given; for an attempt's own end that is `running`, its owner and attempt. */
  settle(key: JobKey, from: Fence, settlement: Settlement): Promise<Written>;
  /** Notes that a running job is to end; it changes nothing of its standing, but that it is not let go for another attempt. */
  requestCancel(key: JobKey, from: Fence, request: CancelRequest): Promise<Written>;
  /** Lets a failed attempt go, for the next attempt to take; refused where the job was cancelled meanwhile. */
  retry(key: JobKey, from: Fence, failure: FailedAttempt): Promise<Written>;
  /** Notes where parts of a running attempt's input came from; it changes nothing of the job's standing. */
  noteInputs(key: JobKey, from: Fence, inputs: readonly InputSource[]): Promise<Written>;
  /** Notes how far a running attempt has come; it changes nothing of the job's standing. */
  report(key: JobKey, from: Fence, progress: Progress): Promise<Written>;
}

/** Reads jobs. Neither method deletes anything. */
export interface JobReader {
  /**
   * Reads one job strongly, an expired one included: the caller compares `expiresAt` and `resultExpiresAt` with the time.
   *
   * @throws {AlmanacError} `store.unavailable`.
   */
  get(key: JobKey): Promise<Job | undefined>;
  /**
   * Lists a schedule's jobs by one read, newest first, without expired ones and without results.
   *
   * @throws {AlmanacError} `store.unavailable`.
   */
  list(page: JobListing): Promise<JobPage>;
}

/** Looks back in a schedule's history. */
export interface JobHistory {
  /**
   * Finds the newest successful job of a schedule whose fire time is before a job's own, by one read of its 100 rows before it at most,
   * which may be a second behind. Its result is not read.
   *
   * @param now - A job that has expired by then is not found.
   * @throws {AlmanacError} `store.unavailable`.
   */
  successBefore(key: JobKey, now: EpochSeconds): Promise<Job | undefined>;
  /**
   * Finds a schedule's newest settled job, by its fire time, with its result: strongly, among its last 100 rows, by one read where it is
   * among the last 4. Fire times that are yet to come, as of jobs that are skipped beforehand, are not looked at.
   *
   * @throws {AlmanacError} `store.unavailable`.
   */
  newest(search: NewestSearch): Promise<Job | undefined>;
}

/** Which of a schedule's jobs is wanted. */
export interface NewestSearch {
  readonly scheduleId: string;
  /** Whether only successful jobs count. */
  readonly isSuccessOnly: boolean;
  /** Jobs that have expired by then are not found. */
  readonly now: EpochSeconds;
}

export interface JobListing {
  readonly scheduleId: string;
  readonly filter: JobFilter;
  /** The first and the last fire time; absent: the history has no bound on that side. */
  readonly from?: EpochSeconds;
  readonly to?: EpochSeconds;
  /** How many rows are looked at, those that are left out included; a page may hold fewer jobs, and none. */
  readonly limit: number;
  /** The fire time to go on after, from the page before. */
  readonly after?: string;
  /** Jobs whose `expiresAt` is not later are left out. */
  readonly now: EpochSeconds;
}

export interface JobPage {
  readonly jobs: readonly Job[];
  /** Absent at the end. */
  readonly next?: string;
  readonly cost: ReadCost;
}
