import type { Errand } from '#shared/domain/errand/errand.ts';
import type { ReadCost } from '#shared/domain/read-cost.ts';

export interface ErrandPage<Kind extends Errand> {
  readonly errands: readonly Kind[];
  /** Absent at the end. */
  readonly next?: string;
  readonly cost: ReadCost;
}

/** The errands of one kind in the Schedules table, each beside its schedule. */
export interface ErrandStore<Kind extends Errand> {
  /**
   * Writes one that is new.
   *
   * @throws {AlmanacError} `store.unavailable` after the client's own retries, as all methods do.
   */
  create(errand: Kind): Promise<void>;
  /** Reads one strongly. */
  read(scheduleId: string, errandId: string): Promise<Kind | undefined>;
  /**
   * Lists those of a schedule, newest first, those of the last moment included.
   *
   * @param page.after - The id to go on after, from the page before.
   */
  list(
    scheduleId: string,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<ErrandPage<Kind>>;
  /**
   * Writes what has become of one, whose `version` is one higher than it was read with.
   *
   * @returns `false` where someone else has written it since.
   */
  replace(errand: Kind): Promise<boolean>;
}
