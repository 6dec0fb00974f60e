import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobEnd } from '#shared/domain/schedule/decide-failure-pause.ts';

/** Looks back at how a schedule's jobs ended. */
export interface JobEnds {
  /**
   * Lists ends by fire time, newest first, by one strong read; jobs that have not settled, or whose record has expired, are left out.
   *
   * @throws {AlmanacError} `store.unavailable`.
   */
  list(page: JobEndsPage): Promise<{
    readonly ends: readonly JobEnd[];
    /** Absent at the end. */
    readonly next?: string;
  }>;
}

/** Which part of a schedule's history is asked for. */
export interface JobEndsPage {
  readonly scheduleId: string;
  /** The oldest fire time that counts. */
  readonly since: EpochSeconds;
  /** How many rows are looked at; a page may hold fewer ends, and none. */
  readonly limit: number;
  /** The fire time to go on after, from the page before. */
  readonly after?: string;
  readonly now: EpochSeconds;
}
