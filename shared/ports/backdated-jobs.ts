import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';

/** The jobs of a schedule, as whoever changes the times of all of them reads them. */
export interface BackdatedJobs {
  /**
   * Reads the next of a schedule's jobs, newest first by fire time, open and expired ones included. They may be a second behind: whatever is
   * done about one is conditional.
   *
   * @throws {AlmanacError} `store.unavailable`, as {@link BackdatedJobs.get} does.
   */
  page(place: BackdatedPlace): Promise<BackdatedPage>;
  /** Reads one strongly. */
  get(key: JobKey): Promise<Job | undefined>;
}

export interface BackdatedPlace {
  readonly scheduleId: string;
  /** No later fire time is read. */
  readonly to: EpochSeconds;
  /** The fire time to go on after, from the page before. */
  readonly after?: string;
  readonly limit: number;
}

export interface BackdatedPage {
  readonly jobs: readonly Job[];
  /** Absent at the end. */
  readonly next?: string;
}
