import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ReadCost } from '#shared/domain/read-cost.ts';
import type { Rollup } from '#shared/domain/rollup/rollup.ts';
import type { Grain, RollupPart } from '#shared/domain/rollup/rollup-part.ts';

/** What metrics came to, beside the sums in the Usage table. Every method throws {AlmanacError} `store.unavailable`. */
export interface RollupStore {
  /** @returns `undefined` before the first measured job of this hour or day; an expired one is given as long as it is there. */
  read(scheduleId: string, part: RollupPart): Promise<Rollup | undefined>;
  /**
   * Writes a rollup where it still stands as it was read.
   *
   * @param read - What {@link RollupStore.read} gave; its fence is the condition.
   * @returns `false` when another delivery has counted in between.
   */
  replace(write: {
    readonly scheduleId: string;
    readonly part: RollupPart;
    readonly rollup: Rollup;
    readonly read: Rollup | undefined;
  }): Promise<boolean>;
}

/** Reads rollups, which may be a batch of the stream behind. */
export interface RollupReader {
  /** Reads a page of those that have not expired, oldest first: as many as fit one read. */
  page(range: RollupRange): Promise<RollupPage>;
}

/** The hours or days of a schedule that begin between two instants, both included. */
export interface RollupRange {
  readonly scheduleId: string;
  readonly grain: Grain;
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  /** What has expired by then is hidden. */
  readonly now: EpochSeconds;
  /** The part to go on after. */
  readonly after?: RollupPart;
}

export interface RollupPage {
  readonly rollups: readonly { readonly from: EpochSeconds; readonly rollup: Rollup }[];
  /** The part to go on after; absent at the end. */
  readonly next?: RollupPart;
  readonly cost: ReadCost;
}
