import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextExpirySpan } from '#shared/domain/event/announced-span.ts';
import { dayStart } from '#shared/domain/utc-day.ts';

/** 23 November 2026, 9:00. */
const NOW = 1_795_424_400;
const HOUR = 3_600;
const DAY = 86_400;
/** A day ahead, less the ten minutes that an index may be behind. */
const END = NOW + DAY - 600;

describe('nextExpirySpan', () => {
  it('begins with the last six hours of the day ahead', () => {
    expect(nextExpirySpan(undefined, NOW)).toEqual({ from: END - 6 * HOUR, to: END - 5 * HOUR });
  });

  it('goes on from where it has come to, an hour at a time', () => {
    expect(nextExpirySpan(END - 2 * HOUR, NOW)).toEqual({ from: END - 2 * HOUR, to: END - HOUR });
    expect(nextExpirySpan(END - 60, NOW)).toEqual({ from: END - 60, to: END });
  });

  it('has nothing left once it has come to the end', () => {
    expect(nextExpirySpan(END, NOW)).toBeUndefined();
  });

  it('leaves out what has expired while it stood still', () => {
    expect(nextExpirySpan(NOW - 30 * DAY, NOW)).toEqual({ from: NOW, to: NOW + HOUR });
  });

  it('comes to the end in bounded steps that leave out nothing, each within one day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 * DAY }), (ago) => {
        let toldTo: number | undefined = NOW - ago;
        const first = Math.max(toldTo, NOW);
        let steps = 0;
        for (let span = nextExpirySpan(toldTo, NOW); span; span = nextExpirySpan(toldTo, NOW)) {
          expect(span.from).toBe(steps === 0 ? first : toldTo);
          expect(dayStart(span.to - 1)).toBe(dayStart(span.from));
          toldTo = span.to;
          steps += 1;
        }
        expect(toldTo).toBe(END);
        expect(steps).toBeLessThanOrEqual(26);
      }),
    );
  });
});
