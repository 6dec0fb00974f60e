import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Errand } from '#shared/domain/errand/errand.ts';
import type { Overlap } from '#shared/domain/job/overlap.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';

/** The jobs of a schedule for fire times that have passed, as someone has asked for them, and how far they have come. */
export interface Backfill extends Errand {
  /** The fire times that it is about, both included. */
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  /** In the place of the schedule's own. */
  readonly overlap?: Overlap;
  /** Whether fire times are run of which nobody knows any more whether they have been. */
  readonly isForced: boolean;
  /** The trigger as it was when this was asked for: a later one has other fire times. */
  readonly trigger: BackfilledTrigger;
  /** Tells the schedule from one that was created anew under the same id. */
  readonly scheduleCreatedAt: EpochSeconds;
  readonly counts: BackfillCounts;
  /** Every fire time before it has been looked at; after `to` once all have. */
  readonly lookFrom: EpochSeconds;
  /** What it has started and has not seen settled. */
  readonly open: readonly OpenFiring[];
  /** Set while the starts are sent that were noted at this instant; a repetition sends them again. */
  readonly sendingAt?: EpochSeconds;
}

/** What tells a schedule's fire times. */
export type BackfilledTrigger = Pick<ScheduleDefinition, 'trigger' | 'anchorAt' | 'calendars'>;

/** How many fire times there are, and what was found of those that have been looked at. */
export interface BackfillCounts {
  readonly due: number;
  readonly started: number;
  /** They had settled before, and are not run again. */
  readonly settled: number;
  /** They had begun before. */
  readonly running: number;
  /** Their rows may have come and gone: they are only run by force. */
  readonly unknown: number;
}

/** A job that a backfill has started. */
export interface OpenFiring {
  readonly fireTime: EpochSeconds;
  readonly sentAt: EpochSeconds;
  /** After this instant no start of it begins the job. */
  readonly deliverBy: EpochSeconds;
}

/** A backfill has at most so many fire times: a week of one a minute. */
export const MOST_BACKFILLED = 10_000;
