import fc from 'fast-check';
import rrule from 'rrule';
import { describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import { firstOf } from '#test/support/first-of.ts';
import { at } from '#test/support/instant.ts';

const COMPARED = 15;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

describe('recurrence rules, against the rrule library', () => {
  it('fire at the same times in UTC', () => {
    let compared = 0;
    fc.assert(
      fc.property(anyRule(), anyStart(), (rule, startAt) => {
        const parsed = parseTrigger({ kind: 'rrule', rule, startAt });
        if (!parsed.ok) return;
        compared += 1;

        const ours = firstOf(fireTimes(parsed.trigger, at(startAt)), COMPARED).map(toIso);

        expect({ rule, startAt, fires: ours }).toEqual({
          rule,
          startAt,
          fires: theirs(rule, startAt),
        });
      }),
      { numRuns: 250 },
    );

    expect(compared).toBeGreaterThan(100);
  });
});

function theirs(rule: string, startAt: string): readonly string[] {
  const library = rrule.rrulestr(`RRULE:${rule}`, { dtstart: new Date(startAt) });
  const found = library.all((_, index) => index < COMPARED);
  return found.slice(0, COMPARED).map((date) => toIso(date.getTime() / 1000));
}

function anyStart(): fc.Arbitrary<string> {
  return fc
    .integer({ min: at('2024-01-01T00:00:00Z') / 900, max: at('2027-12-31T00:00:00Z') / 900 })
    .map((quarters) => toIso(quarters * 900));
}

function anyRule(): fc.Arbitrary<string> {
  const some = (values: readonly (number | string)[]) =>
    fc.option(
      fc.subarray([...values], { minLength: 1, maxLength: 3 }).map((list) => list.join(',')),
    );
  const interval = fc.integer({ min: 1, max: 4 });
  const times = { BYHOUR: some([0, 9, 23]), BYMINUTE: some([0, 15, 30]) };
  const numbered = fc.tuple(fc.constantFrom(-1, 1, 2, 5), fc.constantFrom(...WEEKDAYS));
  const byDay = fc.oneof(
    some(WEEKDAYS),
    numbered.map(([nth, weekday]) => `${nth}${weekday}`),
  );
  const weekStart = fc.constantFrom('MO', 'SU');
  const yearly = fc.record({
    FREQ: fc.constant('YEARLY'),
    INTERVAL: interval,
    BYMONTH: some([1, 2, 3, 10, 12]),
    BYMONTHDAY: some([1, 13, 29, -1]),
    BYDAY: some(WEEKDAYS),
    ...times,
  });
  const monthly = fc.record({
    FREQ: fc.constant('MONTHLY'),
    INTERVAL: interval,
    BYMONTH: some([1, 2, 6]),
    BYDAY: byDay,
    BYSETPOS: fc.option(fc.constantFrom('1', '-1', '2', '-3')),
    ...times,
  });
  const weekly = fc.record({
    FREQ: fc.constant('WEEKLY'),
    INTERVAL: interval,
    BYDAY: some(WEEKDAYS),
    WKST: weekStart,
    ...times,
  });
  const daily = fc.record({
    FREQ: fc.constant('DAILY'),
    INTERVAL: interval,
    BYDAY: some(WEEKDAYS),
    ...times,
  });
  // The library goes on for ever where hours or minutes never meet the interval: those rules have examples elsewhere.
  const hourly = fc.record({
    FREQ: fc.constantFrom('HOURLY', 'MINUTELY'),
    INTERVAL: fc.integer({ min: 1, max: 90 }),
    BYDAY: some(WEEKDAYS),
    BYMONTH: some([1, 2, 6]),
  });
  const count = fc.option(fc.integer({ min: 1, max: 12 }));
  return fc.tuple(fc.oneof(yearly, monthly, weekly, daily, hourly), count).map(([parts, COUNT]) =>
    Object.entries({ ...parts, COUNT })
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name}=${value}`)
      .join(';'),
  );
}
