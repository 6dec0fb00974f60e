import type { Usage } from '#shared/domain/usage/usage.ts';

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
