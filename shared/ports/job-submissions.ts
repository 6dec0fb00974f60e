import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { Start } from '#shared/domain/job/start.ts';

/** What makes a request that is sent again find the job of the first. */
export interface SubmissionMark {
  /** Names caller and key: 26 characters of `[0-9A-Z]`. */
  readonly name: string;
  /** A hash of what was asked for. */
  readonly request: string;
  /** Until when it is remembered. */
  readonly expiresAt: EpochSeconds;
}

/** What became of a submission. */
export type Submitted =
  | { readonly kind: 'queued' }
  /** The same was asked for before; nothing is written. */
  | { readonly kind: 'repeated'; readonly key: JobKey }
  /** Something else was asked for before under this mark; nothing is written. */
  | { readonly kind: 'mark-taken' };

/** The jobs that someone asks for, beside those of the schedules' own fire times. */
export interface JobSubmissions {
  /**
   * Writes a job as queued, with the start that begins it; the table's stream sends that.
   *
   * @param mark - Written with the job, or neither is.
   * @throws {AlmanacError} `store.unavailable`.
   */
  submit(start: Start, now: EpochSeconds, mark?: SubmissionMark): Promise<Submitted>;
}
