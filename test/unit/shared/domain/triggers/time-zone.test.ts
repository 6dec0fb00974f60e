import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { isTimeZoneName, timeZoneOf } from '#shared/domain/triggers/time-zone.ts';
import { CLOCK_CHANGES } from '#test/support/clock-changes.ts';
import { at } from '#test/support/instant.ts';

describe('isTimeZoneName', () => {
  it.each([
    'UTC',
    'Etc/UTC',
    'Europe/Kyiv',
    'Asia/Kolkata',
    'US/Pacific',
    'America/Argentina/Ushuaia',
  ])('knows %s', (name) => {
    expect(isTimeZoneName(name)).toBe(true);
  });

  it.each([
    'Mars/Base',
    'europe/berlin',
    'EUROPE/BERLIN',
    '+02:00',
    'Europe/Berlin ',
    '',
    'A'.repeat(51),
  ])('refuses %j', (name) => {
    expect(isTimeZoneName(name)).toBe(false);
  });
});

describe('timeZoneOf', () => {
  it.each(Object.entries(CLOCK_CHANGES))('finds each clock change of %s', (name, changes) => {
    const found: [number, number, number][] = [];
    const zone = timeZoneOf(name);

    let period = zone.periodAt(at('2025-01-01T00:00:00Z'));
    while (period.until < at('2031-01-01T00:00:00Z')) {
      period = zone.periodAt(period.until);
      if (period.offset !== period.offsetBefore)
        found.push([period.from, period.offsetBefore / 60, period.offset / 60]);
    }

    expect(found).toEqual(changes.map(([iso, before, after]) => [at(iso), before, after]));
  });

  it('agrees with Temporal on the offset at any instant', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const instants = fc.integer({ min: 0, max: at('2100-01-01T00:00:00Z') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (name, instant) => {
        const period = timeZoneOf(name).periodAt(instant);

        const expected = Temporal.Instant.fromEpochMilliseconds(instant * 1000).toZonedDateTimeISO(
          name,
        ).offsetNanoseconds;
        expect(period.offset).toBe(expected / 1e9);
        expect(period.from <= instant && instant < period.until).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('answers alike whatever it was asked before', () => {
    const zone = timeZoneOf('Africa/Casablanca');
    const forward = [2026, 2027, 2028].map((year) => zone.periodAt(at(`${year}-03-01T12:00:00Z`)));

    const backward = [2028, 2027, 2026].map((year) => zone.periodAt(at(`${year}-03-01T12:00:00Z`)));

    expect(backward.toReversed()).toEqual(forward);
  });
});
