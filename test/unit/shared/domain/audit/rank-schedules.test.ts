import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  largestOf,
  MOST_RANKED,
  rankObject,
  type ScheduleWeight,
} from '#shared/domain/audit/rank-schedules.ts';

/** The runs of objects of one schedule and class, as a list in key order gives them. */
const anyRuns = fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 }), {
  maxLength: 60,
});

describe('rankObject', () => {
  it('finds the schedules that take most, with their exact weights, and keeps no more than it must', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        let ranked: readonly ScheduleWeight[] = [];
        for (const [at, sizes] of runs.entries())
          for (const bytes of sizes) {
            ranked = rankObject(ranked, { scheduleId: `schedule-${at}`, class: '7d', bytes });
            expect(ranked.length).toBeLessThanOrEqual(MOST_RANKED + 1);
          }

        const weights = runs.map((sizes) => sizes.reduce((sum, bytes) => sum + bytes, 0));
        const largest = weights.toSorted((one, other) => other - one).slice(0, MOST_RANKED);
        expect(largestOf(ranked).map(({ bytes }) => bytes)).toEqual(largest);
        for (const { scheduleId, bytes, objects } of largestOf(ranked)) {
          const at = Number(scheduleId.replace('schedule-', ''));
          expect({ bytes, objects }).toEqual({ bytes: weights[at], objects: runs[at]?.length });
        }
      }),
    );
  });

  it('tells the classes of one schedule apart', () => {
    const inOne = rankObject([], { scheduleId: 'daily', class: '7d', bytes: 5 });
    const inTwo = rankObject(inOne, { scheduleId: 'daily', class: '90d', bytes: 7 });

    expect(largestOf(inTwo)).toEqual([
      { scheduleId: 'daily', class: '90d', objects: 1, bytes: 7 },
      { scheduleId: 'daily', class: '7d', objects: 1, bytes: 5 },
    ]);
  });
});
