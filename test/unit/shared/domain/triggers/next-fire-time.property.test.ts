import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';
import { aTriggerIfItFires } from '#test/support/a-trigger.ts';
import { anyCrontab } from '#test/support/any-cron.ts';
import { CLOCK_CHANGES } from '#test/support/clock-changes.ts';
import { at } from '#test/support/instant.ts';

const DAY = 86_400;
const anyChange = fc.constantFrom(
  ...Object.entries(CLOCK_CHANGES).flatMap(([timeZone, changes]) =>
    changes.slice(0, 4).map(([iso]) => ({ timeZone, changeAt: at(iso) })),
  ),
);
const anyPolicy = fc.record({
  gap: fc.constantFrom('skip', 'shift'),
  fold: fc.constantFrom('first', 'both'),
});

describe('nextFireTime', () => {
  it('finds what a scan of every wall-clock minute around a clock change finds', () => {
    fc.assert(
      fc.property(anyCrontab(), anyChange, anyPolicy, (crontab, { timeZone, changeAt }, policy) => {
        const trigger = aTriggerIfItFires({
          kind: 'cron',
          expression: crontab.expression,
          timeZone,
          ...policy,
        });
        const [from, to] = [changeAt - DAY, changeAt + DAY];

        const found = trigger ? [...fireTimes(trigger, from, to)] : [];

        expect(found).toEqual(scan({ from, to, timeZone, ...policy }, crontab.matches));
      }),
      { numRuns: 200 },
    );
  });

  it('is later than the instant it is asked about, with no fire time in between', () => {
    const anyAfter = fc.integer({ min: 0, max: at('2090-01-01T00:00:00Z') });
    fc.assert(
      fc.property(anyTrigger(), anyAfter, fc.nat({ max: 90 * DAY }), (trigger, after, later) => {
        const next = nextFireTime(trigger, after) ?? Number.POSITIVE_INFINITY;
        const nextAfterLater = nextFireTime(trigger, after + later) ?? Number.POSITIVE_INFINITY;

        expect(next).toBeGreaterThan(after);
        expect(nextAfterLater).toBeGreaterThanOrEqual(next);
        if (next > after + later) expect(nextAfterLater).toBe(next);
      }),
      { numRuns: 200 },
    );
  });

  it('depends on the value of the trigger alone, which JSON can hold', () => {
    fc.assert(
      fc.property(anyTrigger(), fc.integer({ min: 0, max: 4e9 }), (trigger, after) => {
        const copy = JSON.parse(JSON.stringify(trigger)) as Trigger;

        expect(nextFireTime(copy, after)).toBe(nextFireTime(trigger, after));
      }),
      { numRuns: 100 },
    );
  });
});

function anyTrigger(): fc.Arbitrary<Trigger> {
  const common = fc.record({
    timeZone: fc.constantFrom('UTC', ...Object.keys(CLOCK_CHANGES)),
    startAt: fc.constantFrom('2025-01-01T00:00:00', '2026-04-05T06:30:00Z'),
  });
  const policy = anyPolicy;
  const kinds = fc.oneof(
    fc.record({
      kind: fc.constant('cron'),
      expression: anyCrontab().map((each) => each.expression),
    }),
    fc.record({
      kind: fc.constant('calendarInterval'),
      months: fc.nat({ max: 14 }),
      days: fc.integer({ min: 1, max: 40 }),
      hour: fc.nat({ max: 23 }),
      startDate: fc.constantFrom('2024-02-29', '2026-01-31'),
    }),
    fc.record({
      kind: fc.constant('rrule'),
      rule: fc.constantFrom(
        'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-3',
        'FREQ=HOURLY;INTERVAL=7;BYMINUTE=0,30',
        'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU;COUNT=50',
        'FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3,10;BYHOUR=2',
      ),
    }),
  );
  return fc
    .tuple(kinds, common, policy)
    .map((parts) => aTriggerIfItFires(Object.assign({}, ...parts)))
    .filter((trigger) => trigger !== undefined);
}

/** Goes through every minute by the clock, and through those that the wall clock leaves out, with Temporal's offsets. */
function scan(
  window: { from: number; to: number; timeZone: string; gap: string; fold: string },
  matches: (wall: number) => boolean,
): readonly number[] {
  const seen = new Set<number>();
  const fires = new Set<number>();
  for (const { instant, wall, leftOut } of minutesOf(window)) {
    if (matches(wall) && (window.fold === 'both' || !seen.has(wall))) fires.add(instant);
    seen.add(wall);
    leftOut.forEach((skipped, index) => {
      if (window.gap === 'shift' && matches(skipped)) fires.add(instant + index * 60);
    });
  }
  return [...fires].filter((fire) => fire <= window.to).sort((one, other) => one - other);
}

function* minutesOf({ from, to, timeZone }: { from: number; to: number; timeZone: string }) {
  let offsetBefore = offsetAt(from - 60, timeZone);
  for (let instant = from; instant <= to; instant += 60) {
    const offset = instant % 900 === 0 ? offsetAt(instant, timeZone) : offsetBefore;
    const length = Math.max(offset - offsetBefore, 0) / 60;
    const leftOut = Array.from({ length }, (_, index) => instant + offsetBefore + index * 60);
    yield { instant, wall: instant + offset, leftOut };
    offsetBefore = offset;
  }
}

const offsets = new Map<string, number>();

function offsetAt(instant: number, timeZone: string): number {
  const key = `${timeZone} ${instant}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant * 1000).toZonedDateTimeISO(timeZone);
  offsets.set(key, zoned.offsetNanoseconds / 1e9);
  return zoned.offsetNanoseconds / 1e9;
}
