import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS, type StartPolicy } from '#shared/domain/job/policy.ts';
import { nextOrNone } from '#shared/domain/schedule/next-or-none.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';

/** Beyond the row itself so many fire times are looked at, as the nights and weekends that a trigger leaves out make some rows longer. */
const FURTHER_FIRE_TIMES = 50;

/**
 * Finds how long the record of a failed job must be kept for a row of failures to be seen whole.
 *
 *     first fire time                        last fire time    + catchUpWindow + lease
 *        |── settles at the earliest … ──────────|──────────────────|── settles at the latest
 *
 * @param most - How many failures make the row; a row of one needs no record of another.
 * @returns Seconds from the settle of the first: the longest of the trigger's next rows; 0 where there is none.
 */
export function failureRowSeconds(
  trigger: Trigger,
  policy: Pick<StartPolicy, 'catchUpWindow'> & { readonly most: number },
  now: EpochSeconds,
): number {
  const { most, catchUpWindow = DEFAULT_CATCH_UP_WINDOW_SECONDS } = policy;
  if (most === 1) return 0;
  const times = listNext(trigger, now, most + FURTHER_FIRE_TIMES);
  const spans = times.slice(most - 1).map((last, at) => last - (times[at] ?? last));
  return spans.length === 0 ? 0 : Math.max(...spans) + catchUpWindow + LONGEST_LEASE_SECONDS;
}

function listNext(trigger: Trigger, after: EpochSeconds, count: number): readonly EpochSeconds[] {
  const listed: EpochSeconds[] = [];
  let at = nextOrNone(trigger, after);
  while (at !== undefined && listed.length < count) {
    listed.push(at);
    at = nextOrNone(trigger, at);
  }
  return listed;
}
