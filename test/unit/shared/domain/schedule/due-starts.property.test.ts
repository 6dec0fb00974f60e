import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromIso } from '#shared/domain/epoch-seconds.ts';
import { type DueStart, lastStarts, nearStarts } from '#shared/domain/schedule/due-starts.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

/** One state of a schedule: how long it stood, and after how long EventBridge had followed, if it had before the next change. */
interface Stand {
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly stoodSeconds: number;
  readonly followedAfterSeconds: number;
}

const anyStand: fc.Arbitrary<Stand> = fc.record({
  trigger: fc.oneof(
    fc.constantFrom('*', '0/2', '1/3', '7').map((minutes) => ({
      kind: 'cron',
      expression: `cron(${minutes} * * * ? *)`,
      timeZone: 'UTC',
    })),
    fc.integer({ min: -600, max: 3_000 }).map((seconds) => ({
      kind: 'once',
      at: new Date((FIRE_TIME + seconds) * 1000).toISOString(),
    })),
  ),
  stoodSeconds: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 1_200 })),
  followedAfterSeconds: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 900 })),
});

/** EventBridge delivers within a minute, and may drop what is under way when its copy changes. */
const LATEST_DELIVERY_SECONDS = 60;

describe('a schedule that changes again and again', () => {
  it('has every fire time started by EventBridge, or as a last or a near start', () => {
    fc.assert(
      fc.property(fc.array(anyStand, { minLength: 1, maxLength: 6 }), (stands) => {
        expect(missedFireTimes(stands)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

/** Plays the changes, and finds the fire times that nobody started. */
function missedFireTimes(stands: readonly Stand[]): readonly number[] {
  const missed: number[] = [];
  let changedAt = FIRE_TIME;
  for (const [at, { trigger, stoodSeconds, followedAfterSeconds }] of stands.entries()) {
    const endsAt = changedAt + stoodSeconds;
    const followedAt = changedAt + followedAfterSeconds;
    const isFollowed = followedAt <= endsAt;
    const schedule = aSchedule(
      { trigger, revision: at + 1 },
      {
        changedAt,
        sync: isFollowed
          ? { state: 'active', generation: 1, at: followedAt }
          : { state: 'pending', generation: 1, at: changedAt },
      },
    );
    const started = new Set([
      ...(isFollowed ? firedByEventBridge(schedule, { from: followedAt, to: endsAt }) : []),
      ...(isFollowed ? timesOf(nearStarts(schedule, followedAt)) : []),
      ...timesOf(lastStarts(schedule, endsAt)),
    ]);
    for (const fireTime of fireTimes(triggerOf(schedule.definition), changedAt + 1, endsAt))
      if (!started.has(fireTime)) missed.push(fireTime);
    changedAt = endsAt;
  }
  return missed;
}

/** What EventBridge surely fires of a copy: nothing before it has it, nothing that is under way when it changes. */
function firedByEventBridge(
  { definition }: StoredSchedule,
  copy: { readonly from: number; readonly to: number },
): readonly number[] {
  const { from, to } = copy;
  return [
    ...fireTimes(
      triggerOf(definition),
      from + LATEST_DELIVERY_SECONDS,
      to - LATEST_DELIVERY_SECONDS,
    ),
  ];
}

function timesOf(starts: readonly DueStart[]): readonly number[] {
  return starts.map(({ start }) => fromIso(start.fireTime) ?? Number.NaN);
}
