import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ReadCost } from '#shared/domain/read-cost.ts';
import type { UpstreamLink } from '#shared/domain/schedule/decide-upstream.ts';
import type {
  ScheduleDefinition,
  ScheduleState,
  StoredSchedule,
  Sync,
} from '#shared/domain/schedule/schedule.ts';
import type { LedgerMove } from '#shared/domain/usage/ledger-moves.ts';

/**
 * The Schedules table. Each write is conditional; `false` or a `stale` answer says that someone else wrote first.
 */
export interface ScheduleStore {
  /** Reads both parts strongly. A tombstone has a state and no definition. */
  read(scheduleId: string): Promise<ScheduleParts>;
  /**
   * Writes definition and state together, the edge by which a dependent schedule is found, and the ledgers of its budgets.
   *
   * @returns `false` when the state, the share or a schedule upstream is not as expected, or a ledger has no room; nothing is written then.
   */
  write(schedule: StoredSchedule, expected: ExpectedWrite): Promise<boolean>;
  /**
   * Writes the state alone.
   *
   * @returns `false` when the state has moved on.
   */
  writeState(state: ScheduleState, expected: { readonly generation: number }): Promise<boolean>;
  /**
   * Turns a schedule into a tombstone: the definition goes, with its edge and its share of budgets, the state stays with `deletedAt`.
   *
   * @returns `false` when the state, or the share, has moved on.
   */
  bury(tombstone: ScheduleState, expected: ExpectedBurial): Promise<boolean>;
  /**
   * Notes how EventBridge stands, on condition of the generation.
   *
   * @param leavesAt - For a tombstone that EventBridge no longer knows: when TTL takes it.
   * @returns `false` when the generation has moved on.
   */
  writeSync(
    scheduleId: string,
    sync: Sync,
    options?: { readonly leavesAt?: EpochSeconds },
  ): Promise<boolean>;
  /**
   * Wakes the projection again for a schedule whose last try failed, or whose waking was lost.
   *
   * @returns `false` when the schedule has been written since, which wakes it anyway, or has come to rest.
   */
  wake(scheduleId: string, generation: number, at: EpochSeconds): Promise<boolean>;
  /**
   * Notes that a job beside the fire times is about to be asked for, so that the sweep does not pass by it; before its row is written.
   *
   * @param at - The instant in the job's key.
   */
  noteAsked(scheduleId: string, at: EpochSeconds): Promise<void>;
  /** Lists schedules by id; tombstones are left out. */
  list(page: { readonly limit: number; readonly after?: string }): Promise<SchedulePage>;
}

/** In the light of what a schedule is written. */
export interface ExpectedWrite {
  /** Of the state, as it was read; `undefined` where there was none. */
  readonly generation: number | undefined;
  /** The definition that is replaced, of that generation; its share must still be the same. Absent where there was none. */
  readonly replaced?: ScheduleDefinition;
  /** The schedules upstream, whose triggers must still be as they were read. */
  readonly upstream?: readonly UpstreamLink[];
  /** What the change of its share moves. */
  readonly moves?: readonly LedgerMove[];
}

/** In the light of what a schedule is deleted; as {@link ExpectedWrite}. */
export interface ExpectedBurial {
  readonly generation: number;
  readonly replaced: ScheduleDefinition;
  readonly moves?: readonly LedgerMove[];
}

export interface ScheduleParts {
  readonly definition?: ScheduleDefinition;
  readonly state?: ScheduleState;
}

export interface SchedulePage {
  readonly schedules: readonly StoredSchedule[];
  /** The id to go on after; absent at the end. */
  readonly next?: string;
  readonly cost: ReadCost;
}
