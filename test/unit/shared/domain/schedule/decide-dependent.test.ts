import { describe, expect, it } from 'vitest';
import {
  decideDependent,
  isFollowed,
  type UpstreamEnd,
} from '#shared/domain/schedule/decide-dependent.ts';
import type { Edge } from '#shared/domain/schedule/edge.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const SUFFIX = '0123456789ABCDEFGHJKMNPQRS';
const end = (changes: Partial<UpstreamEnd> = {}): UpstreamEnd => ({
  key: { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' },
  outcome: 'success',
  finishedAt: FIRE_TIME + 600,
  ...changes,
});
const edge = (changes: Partial<Edge> = {}): Edge => ({
  upstreamId: 'daily-sales',
  dependentId: 'invoices',
  outcomes: ['success'],
  since: FIRE_TIME,
  ...changes,
});
const DEPENDENT = {
  scheduleId: 'invoices',
  trigger: { kind: 'after', schedule: 'daily-sales' },
  policy: { resultExpirationTime: 3_600, catchUpWindow: 7_200 },
};

describe('isFollowed', () => {
  it.each<[string, boolean, Partial<Edge>, Partial<UpstreamEnd>]>([
    ['an outcome that is named', true, {}, {}],
    ['an outcome that is not', false, {}, { outcome: 'error' }],
    ['one of several', true, { outcomes: ['error', 'timed-out'] }, { outcome: 'timed-out' }],
    ['an end in the second in which the trigger was written', true, { since: FIRE_TIME + 600 }, {}],
    ['an end before the trigger was written', false, { since: FIRE_TIME + 601 }, {}],
    ['a job that was skipped as it came', true, { outcomes: ['skipped'] }, { outcome: 'skipped' }],
    [
      'a fire time that is skipped beforehand',
      false,
      { outcomes: ['skipped'] },
      { outcome: 'skipped', finishedAt: FIRE_TIME - 1 },
    ],
  ])('judges %s: %s', (_, followed, ...[edgeChanges, endChanges]) => {
    expect(isFollowed(edge({ since: 0, ...edgeChanges }), end(endChanges))).toBe(followed);
  });
});

describe('decideDependent', () => {
  it('starts the job with the fire time of the one upstream, to be begun within its own window from that one’s end', () => {
    expect(decideDependent(aSchedule(DEPENDENT), end())).toMatchObject({
      kind: 'start',
      start: {
        scheduleId: 'invoices',
        fireTime: '2026-11-23T09:00:00Z',
        attempt: 1,
        deliverBy: '2026-11-23T11:10:00Z',
      },
    });
  });

  it('keeps the suffix of a job that someone asked for', () => {
    const fireTime = `2026-11-23T09:00:00Z~${SUFFIX}`;
    const run = end({ key: { scheduleId: 'daily-sales', fireTime } });

    expect(decideDependent(aSchedule(DEPENDENT), run)).toMatchObject({ start: { fireTime } });
  });

  it('skips the job where its schedule was paused when the one upstream ended', () => {
    const paused = { by: 'ada', since: FIRE_TIME + 500, until: FIRE_TIME + 601 };

    expect(decideDependent(aSchedule(DEPENDENT, { paused }), end())).toMatchObject({
      kind: 'skip',
      start: { fireTime: '2026-11-23T09:00:00Z' },
      error: {
        name: 'SchedulePaused',
        message: 'The schedule was paused when daily-sales@20261123T090000Z ended.',
      },
    });
    expect(
      decideDependent(aSchedule(DEPENDENT, { paused }), end({ finishedAt: FIRE_TIME + 601 })),
    ).toMatchObject({ kind: 'start' });
  });

  it('skips it still after the pause has been ended, and starts it where it began later', () => {
    const passedOver = { from: FIRE_TIME + 500, to: FIRE_TIME + 700 };

    expect(decideDependent(aSchedule(DEPENDENT, { passedOver }), end()).kind).toBe('skip');
    expect(
      decideDependent(aSchedule(DEPENDENT, { passedOver }), end({ finishedAt: FIRE_TIME + 499 }))
        .kind,
    ).toBe('start');
  });

  it.each([
    ['is gone', {}],
    [
      'comes after another by now',
      aSchedule({ ...DEPENDENT, trigger: { kind: 'after', schedule: 'x' } }),
    ],
    [
      'follows another outcome by now',
      aSchedule({
        ...DEPENDENT,
        trigger: { kind: 'after', schedule: 'daily-sales', outcome: 'error' },
      }),
    ],
    ['has fire times by now', aSchedule({ scheduleId: 'invoices' })],
  ])('does nothing for a dependent that %s', (_, dependent) => {
    expect(decideDependent(dependent, end())).toEqual({ kind: 'nothing' });
  });
});
