import { describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';
import { aTrigger } from '#test/support/a-trigger.ts';
import { CLOCK_CHANGES, type ClockChange } from '#test/support/clock-changes.ts';
import { at } from '#test/support/instant.ts';

const HALF_A_DAY = 43_200;
const TABLE = Object.entries(CLOCK_CHANGES).flatMap(([zone, changes]) =>
  changes.map((change) => ({ zone, change, title: `${zone} on ${change[0].slice(0, 10)}` })),
);
const GAPS = TABLE.filter(({ change: [, before, after] }) => after > before);
const FOLDS = TABLE.filter(({ change: [, before, after] }) => after < before);

describe('a daily time in the middle of a gap', () => {
  it.each(GAPS)('is skipped in $title', ({ zone, change }) => {
    const { trigger, wall } = dailyInTheMiddle(zone, change, {});

    expect(around(trigger, change)).toEqual([
      toIso(wall - DAY - minutes(change[1])),
      toIso(wall + DAY - minutes(change[2])),
    ]);
  });

  it.each(GAPS)('is shifted by the length of the gap in $title', ({ zone, change }) => {
    const { trigger, wall } = dailyInTheMiddle(zone, change, { gap: 'shift' });

    expect(around(trigger, change)).toEqual([
      toIso(wall - DAY - minutes(change[1])),
      toIso(wall - minutes(change[1])),
      toIso(wall + DAY - minutes(change[2])),
    ]);
  });
});

describe('a daily time in the middle of a fold', () => {
  it.each(FOLDS)('fires at its first occurrence in $title', ({ zone, change }) => {
    const { trigger, wall } = dailyInTheMiddle(zone, change, {});

    expect(around(trigger, change)).toEqual([
      toIso(wall - DAY - minutes(change[1])),
      toIso(wall - minutes(change[1])),
      toIso(wall + DAY - minutes(change[2])),
    ]);
  });

  it.each(FOLDS)('fires at both occurrences if asked to in $title', ({ zone, change }) => {
    const { trigger, wall } = dailyInTheMiddle(zone, change, { fold: 'both' });

    expect(around(trigger, change)).toEqual([
      toIso(wall - DAY - minutes(change[1])),
      toIso(wall - minutes(change[1])),
      toIso(wall - minutes(change[2])),
      toIso(wall + DAY - minutes(change[2])),
    ]);
  });
});

const DAY = 86_400;

function minutes(count: number): number {
  return count * 60;
}

/** A cron at the wall-clock time halfway between the clock before and the clock after the change. */
function dailyInTheMiddle(
  timeZone: string,
  [iso, before, after]: ClockChange,
  policy: Record<string, string>,
): { readonly trigger: Trigger; readonly wall: number } {
  const wall = at(iso) + minutes((before + after) / 2);
  const [hour, minute] = toIso(wall).slice(11, 16).split(':').map(Number);
  const trigger = aTrigger({
    kind: 'cron',
    expression: `${minute} ${hour} * * *`,
    timeZone,
    ...policy,
  });
  return { trigger, wall };
}

function around(trigger: Trigger, [iso]: ClockChange): readonly string[] {
  const day = DAY + HALF_A_DAY;
  return [...fireTimes(trigger, at(iso) - day, at(iso) + day)].map(toIso);
}
