import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decidePage } from '#shared/domain/backdating/decide-page.ts';
import { allPlaces } from '#shared/domain/backdating/places.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { decideDisplaced, holdingRule } from '#shared/domain/result/keep-last.ts';
import { aJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const DAY = 86_400;
const NOW = FIRE_TIME + 60;

/** A job so many minutes before {@link FIRE_TIME}. */
const past = (minutes: number, changes: Partial<Job> = {}) =>
  aJob({
    key: jobKeyOf('daily-sales', FIRE_TIME - minutes * 60),
    resultExpiresAt: FIRE_TIME + DAY,
    expiresAt: FIRE_TIME + DAY,
    ...changes,
  });
const backdating = (keepLast: number, keepLastSuccess = false) => {
  const policy = { resultExpirationTime: DAY, keepLast, keepLastSuccess };
  return {
    policy,
    revision: 2,
    places: allPlaces({ last: keepLast, ...(keepLastSuccess && { success: true }) }),
  };
};
const heldIn = ({ decided }: ReturnType<typeof decidePage>) =>
  decided.flatMap(({ job, decision }) =>
    decision.kind === 'change' && decision.keep ? [job.id] : [],
  );

describe('decidePage', () => {
  it('holds the newest jobs that are there, over the end of a page', () => {
    const jobs = [past(1), past(2, { outcome: 'missed' }), past(3), past(4), past(5)];
    const one = decidePage(backdating(3), jobs.slice(0, 3), NOW);
    const other = decidePage({ ...backdating(3), places: one.places }, jobs.slice(3), NOW);

    expect([...heldIn(one), ...heldIn(other)]).toEqual([jobs[0]?.id, jobs[2]?.id, jobs[3]?.id]);
  });

  it('gives no place to what is hidden, or has a time that someone has set', () => {
    const jobs = [
      past(1, { retentionRule: 'job:set' }),
      past(2, { resultExpiresAt: NOW }),
      past(3),
      past(4),
    ];

    expect(heldIn(decidePage(backdating(1), jobs, NOW))).toEqual([jobs[2]?.id]);
  });

  it('counts a job of a later revision that is held', () => {
    const jobs = [past(1, { revision: 3, heldBy: 'daily-sales' }), past(2)];

    expect(heldIn(decidePage(backdating(1), jobs, NOW))).toEqual([]);
  });

  it('holds those that would be left, had all of them settled by the policy', () => {
    const jobsOf = (outcomes: readonly Job['outcome'][]) =>
      outcomes.map((outcome, minutes) => past(minutes, outcome && { outcome }));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...OUTCOMES), { maxLength: 12 }),
        fc.nat(4),
        fc.boolean(),
        (outcomes, last, hasSuccess) => {
          const jobs = jobsOf(outcomes);
          const keep = { last, ...(hasSuccess && { success: true as const }) };

          const held = heldIn(decidePage(backdating(last, hasSuccess), jobs, NOW));

          const holdable = jobs.flatMap(({ key, id, outcome = 'success' }) =>
            holdingRule(keep, outcome)
              ? [
                  {
                    key,
                    id,
                    outcome,
                    ownExpiry: { expiresAt: 0, rule: 'schedule:default' as const },
                  },
                ]
              : [],
          );
          const displaced = new Set(decideDisplaced(holdable, keep).map(({ key }) => key.fireTime));
          expect(held).toEqual(
            holdable.flatMap(({ key, id }) => (displaced.has(key.fireTime) ? [] : [id])),
          );
        },
      ),
    );
  });
});
