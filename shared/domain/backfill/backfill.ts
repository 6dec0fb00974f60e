import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Overlap } from '#shared/domain/job/overlap.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';

/** Whether a backfill goes on, has come to its end, or was stopped before it. */
export const BACKFILL_STATES = ['running', 'completed', 'cancelled'] as const;

export type BackfillState = (typeof BACKFILL_STATES)[number];

/** The jobs of a schedule for fire times that have passed, as someone has asked for them, and how far they have come. */
export interface Backfill {
  readonly scheduleId: string;
  /** A ULID. */
  readonly backfillId: string;
  readonly state: BackfillState;
  /** The fire times that it is about, both included. */
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  /** In the place of the schedule's own. */
  readonly overlap?: Overlap;
  /** Whether fire times are run of which nobody knows any more whether they have been. */
  readonly isForced: boolean;
  /** The ARN of whoever asked for it. */
  readonly by: string;
  readonly note?: string;
  readonly createdAt: EpochSeconds;
  readonly endedAt?: EpochSeconds;
  /** Why it was stopped, where nobody asked for that. */
  readonly reason?: string;
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
  /** How long it waits before it looks again. */
  readonly waitSeconds: number;
  /** Goes on by one with each write. */
  readonly version: number;
  /** The mark of the message that wrote it last, by which a repetition of that message knows its own work. */
  readonly writtenBy: string;
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

/**
 * The message that a backfill has its next step to do. It may arrive twice, late or out of order: the version, which it is compared
 * with, makes that harmless.
 */
export interface BackfillMessage {
  readonly kind: 'backfill';
  readonly scheduleId: string;
  readonly backfillId: string;
  /** Of the backfill as it is to be found. */
  readonly version: number;
  /** Random, so that two messages of one version are told apart. */
  readonly mark: string;
}

/** A backfill has at most so many fire times: a week of one a minute. */
export const MOST_BACKFILLED = 10_000;

/** So long an ended backfill can be looked at. */
export const BACKFILL_KEPT_SECONDS = 30 * 86_400;
