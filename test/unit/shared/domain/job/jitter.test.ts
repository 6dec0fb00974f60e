import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { decideAdmission } from '#shared/domain/job/decide-admission.ts';
import { jitterSeconds } from '#shared/domain/job/jitter.ts';
import { deliverByOf } from '#shared/domain/job/start.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';

function jittered(maxJitter: number, changes: Parameters<typeof aStart>[0] = {}) {
  return aStart({ ...changes, policy: { resultExpirationTime: 60, maxJitter } });
}

/** How many of a thousand schedules that fire together fall into each tenth of the jitter. */
function tenths(maxJitter: number): readonly number[] {
  const counts = Array.from({ length: 10 }, () => 0);
  for (let index = 0; index < 1_000; index += 1) {
    const seconds = jitterSeconds(jittered(maxJitter, { scheduleId: `schedule-${index}` }));
    const tenth = Math.floor((seconds * 10) / (maxJitter + 1));
    counts[tenth] = (counts[tenth] ?? 0) + 1;
  }
  return counts;
}

describe('jitterSeconds', () => {
  it('spreads schedules with one fire time evenly over the whole of it', () => {
    for (const count of tenths(600)) expect(Math.abs(count - 100)).toBeLessThan(40);
  });

  it('spreads the firings of one schedule as well', () => {
    const waits = Array.from({ length: 1_440 }, (_, minute) =>
      jitterSeconds(jittered(59, { fireTime: toIso(FIRE_TIME + minute * 60) })),
    );

    for (let wait = 0; wait < 60; wait += 1)
      expect(waits.filter((one) => one === wait).length).toBeGreaterThan(5);
  });

  it('is the same for every start of a job', () => {
    const start = jittered(600);

    expect(jitterSeconds(start)).toBe(jitterSeconds({ ...start, revision: 9, input: 'another' }));
  });

  it('is none without a policy, for a later attempt, and for manual and direct jobs', () => {
    const manual = '2026-11-23T09:00:00Z~01KAQ0000000000000000000AB';

    expect([
      jitterSeconds(aStart()),
      jitterSeconds(jittered(600, { attempt: 2 })),
      jitterSeconds(jittered(600, { fireTime: manual })),
    ]).toEqual([0, 0, 0]);
  });

  it('leaves a start that it delays the time to come back before the job is missed', () => {
    const windows = fc.integer({ min: 0, max: 86_400 });
    fc.assert(
      fc.property(windows, windows, fc.nat(), (catchUpWindow, maxJitter, id) => {
        const policy = { resultExpirationTime: 60, catchUpWindow, maxJitter };
        const start = aStart({ scheduleId: `schedule-${id}`, policy });
        const due = FIRE_TIME + jitterSeconds(start);

        const left = deliverByOf(start) - due;
        expect(left).toBeGreaterThanOrEqual(Math.min(60, catchUpWindow / 2));
        expect(due - FIRE_TIME).toBeLessThanOrEqual(maxJitter);
      }),
    );
  });
});

describe('decideAdmission, with jitter', () => {
  const start = aStart({
    policy: { resultExpirationTime: 60, maxJitter: 600, misfireGraceTime: 60 },
  });
  const due = FIRE_TIME + jitterSeconds(start);

  it('holds a start until its own time, and begins it then', () => {
    expect(due).toBeGreaterThan(FIRE_TIME + 90);
    expect(decideAdmission(start, FIRE_TIME)).toEqual({ kind: 'early', until: due });
    expect(decideAdmission(start, due - 1)).toEqual({ kind: 'early', until: due });
    expect(decideAdmission(start, due)).toEqual({ kind: 'begin-if-wanted' });
  });

  it('counts the grace of a misfire from the jittered time', () => {
    expect(decideAdmission(start, due + 60).kind).toBe('begin-if-wanted');
    expect(decideAdmission(start, due + 61).kind).toBe('missed');
  });
});
