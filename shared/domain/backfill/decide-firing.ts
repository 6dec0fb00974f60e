import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS, type StartPolicy } from '#shared/domain/job/policy.ts';
import { rowKeptUntil } from '#shared/domain/job/row-kept-until.ts';

/** What a backfill does about a fire time, and which count it goes to. */
export type Firing = 'start' | 'settled' | 'running' | 'unknown';

/** What is known of a fire time that has passed. */
export interface PastFiring {
  readonly fireTime: EpochSeconds;
  /** How its job's row stands; `undefined` where there is none. */
  readonly row: 'open' | 'settled' | undefined;
}

/** By what a backfill decides. */
export interface FiringRules {
  /** The present one: nobody knows those of the past. */
  readonly policy: StartPolicy;
  /** Before it the schedule had no jobs. */
  readonly scheduleCreatedAt: EpochSeconds;
  readonly isForced: boolean;
  readonly now: EpochSeconds;
}

/**
 * Decides whether a fire time that has passed is run.
 *
 *     fireTime, or the schedule's creation          + the shortest time that a record is kept
 *        |── without a row: it has never run, and is started ──|── without a row: unknown, started by force alone
 *
 * What has a row is not started, and what has settled never again: the row would refuse it.
 */
export function decideFiring({ fireTime, row }: PastFiring, rules: FiringRules): Firing {
  if (row === 'settled') return 'settled';
  if (row === 'open') return 'running';
  const { scheduleCreatedAt, isForced, now } = rules;
  const isKnown = isSurelyKept(Math.max(fireTime, scheduleCreatedAt), rules.policy, now);
  return isKnown || isForced ? 'start' : 'unknown';
}

/** Tells whether a job surely still has a row, however it ended, that was started at an instant, or later. */
export function isSurelyKept(begun: EpochSeconds, policy: StartPolicy, now: EpochSeconds): boolean {
  const deliverBy = begun + (policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS);
  return now < rowKeptUntil({ begun, deliverBy, policy });
}
