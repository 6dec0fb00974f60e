import type { ReadCost } from '#shared/domain/read-cost.ts';
import type { Usage } from '#shared/domain/usage/usage.ts';
import type { DayUsage } from '#shared/domain/usage/usage-rates.ts';

/** Which of a schedule's sums: all of it, or one day's as `day#2026-11-23`. */
export type UsagePart = 'total' | `day#${string}`;

/** The Usage table. */
export interface UsageStore {
  /** @returns `undefined` before the schedule's first job. */
  read(scheduleId: string, part: UsagePart): Promise<Usage | undefined>;
  /**
   * Writes a sum where it still stands as it was read.
   *
   * @param read - What {@link UsageStore.read} gave; its fences are the condition.
   * @returns `false` when another delivery has counted in between.
   */
  replace(write: {
    readonly scheduleId: string;
    readonly part: UsagePart;
    readonly usage: Usage;
    readonly read: Usage | undefined;
  }): Promise<boolean>;
}

/** Reads sums, which may be a batch of the stream behind. Every method throws {AlmanacError} `store.unavailable`. */
export interface UsageReader {
  /** Reads the sums of these schedules, those that have any: in the same order. */
  totals(scheduleIds: readonly string[]): Promise<UsagePage>;
  /** Lists the sums of all that ever ran, by id; deleted schedules and direct jobs (`task:<taskId>`) are among them. */
  list(listing: UsageListing): Promise<UsagePage>;
  /** Reads the days of a schedule that have any, oldest first. */
  days(days: UsageDays): Promise<{ readonly days: readonly DayUsage[]; readonly cost: ReadCost }>;
}

export interface UsageListing {
  readonly limit: number;
  /** The id to go on after. */
  readonly after?: string;
}

export interface UsagePage {
  readonly usages: readonly { readonly scheduleId: string; readonly usage: Usage }[];
  /** The id to go on after; absent at the end. */
  readonly next?: string;
  readonly cost: ReadCost;
}

/** The first and the last day, as `2026-11-23`; at most 400, so that they fit one read. */
export interface UsageDays {
  readonly scheduleId: string;
  readonly from: string;
  readonly to: string;
}
