import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import type { ReadCost } from '#shared/domain/read-cost.ts';

export interface BackfillPage {
  readonly backfills: readonly Backfill[];
  /** Absent at the end. */
  readonly next?: string;
  readonly cost: ReadCost;
}

/** The backfills in the Schedules table, each beside its schedule. */
export interface BackfillStore {
  /**
   * Writes one that is new.
   *
   * @throws {AlmanacError} `store.unavailable` after the client's own retries.
   */
  create(backfill: Backfill): Promise<void>;
  /**
   * Reads one strongly.
   *
   * @throws {AlmanacError} `store.unavailable` after the client's own retries.
   */
  read(scheduleId: string, backfillId: string): Promise<Backfill | undefined>;
  /**
   * Lists those of a schedule, newest first.
   *
   * @param page.after - The id to go on after, from the page before.
   * @throws {AlmanacError} `store.unavailable` after the client's own retries.
   */
  list(
    scheduleId: string,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<BackfillPage>;
  /**
   * Writes what has become of one, whose `version` is one higher than it was read with.
   *
   * @returns `false` where someone else has written it since.
   * @throws {AlmanacError} `store.unavailable` after the client's own retries.
   */
  replace(backfill: Backfill): Promise<boolean>;
}
