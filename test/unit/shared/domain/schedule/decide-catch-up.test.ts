import { describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { decideCatchUp } from '#shared/domain/schedule/decide-catch-up.ts';
import { aDefinition } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const HOUR = 3_600;
const everyQuarter = { kind: 'cron', expression: 'cron(0/15 * * * ? *)', timeZone: 'UTC' };

/** Paused at nine, resumed at five past eleven, with the default window of an hour. */
const paused = (policy: object = {}, started?: number) => ({
  definition: aDefinition({
    trigger: everyQuarter,
    policy: { resultExpirationTime: 0, ...policy },
  }),
  pause: { since: FIRE_TIME },
  plan: started === undefined ? undefined : { started },
});
const NOW = FIRE_TIME + 2 * HOUR + 300;
const timesOf = ({ starts }: ReturnType<typeof decideCatchUp>) =>
  starts.map(({ fireTime }) => fireTime.slice(11, 16));

describe('decideCatchUp', () => {
  it('starts nothing with none, and leaves out all of the pause', () => {
    expect(decideCatchUp(paused(), 'none', NOW)).toEqual({
      starts: [],
      passedOver: { from: FIRE_TIME, to: NOW },
    });
  });

  it('starts with all what is within the window, in order', () => {
    const decision = decideCatchUp(paused(), 'all', NOW);

    expect(timesOf(decision)).toEqual(['10:15', '10:30', '10:45', '11:00']);
    expect(decision.passedOver).toEqual({ from: FIRE_TIME, to: FIRE_TIME + HOUR + 900 - 1 });
  });

  it('leaves nothing out with all where the whole pause is within the window', () => {
    const decision = decideCatchUp(paused(), 'all', FIRE_TIME + 1_000);

    expect(timesOf(decision)).toEqual(['09:00', '09:15']);
    expect(decision).not.toHaveProperty('passedOver');
  });

  it('starts with latest the last one alone', () => {
    const decision = decideCatchUp(paused(), 'latest', NOW);

    expect(timesOf(decision)).toEqual(['11:00']);
    expect(decision.passedOver).toEqual({ from: FIRE_TIME, to: FIRE_TIME + 2 * HOUR - 1 });
  });

  it('gives each start the end of its own window, as what was asked for', () => {
    const { starts } = decideCatchUp(paused({ catchUpWindow: 600 }), 'all', NOW);

    expect(starts).toMatchObject([
      { fireTime: '2026-11-23T11:00:00Z', deliverBy: toIso(FIRE_TIME + 2 * HOUR + 600) },
    ]);
  });

  it('starts no more jobs than maxJobs leaves', () => {
    expect(timesOf(decideCatchUp(paused({ maxJobs: 7 }, 5), 'all', NOW))).toEqual([
      '10:15',
      '10:30',
    ]);
    expect(decideCatchUp(paused({ maxJobs: 5 }, 5), 'latest', NOW).starts).toEqual([]);
  });
});
