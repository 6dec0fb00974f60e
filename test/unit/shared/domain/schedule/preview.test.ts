import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Preview, previewTrigger, takeFireTimes } from '#shared/domain/schedule/preview.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';
import { aTrigger, aTriggerIfItFires } from '#test/support/a-trigger.ts';
import { anyCrontab } from '#test/support/any-cron.ts';
import { at } from '#test/support/instant.ts';

const NEW_YORK = 'America/New_York';

describe('previewTrigger', () => {
  it('shows fire times strictly after an instant, in UTC and on the wall clock', () => {
    const preview = previewOf(
      { kind: 'cron', expression: '0 9 * * mon-fri', timeZone: 'Europe/Berlin' },
      '2026-11-23T08:00:00Z',
      2,
    );

    expect(preview).toEqual({
      description: 'At 09:00 on Monday to Friday, Europe/Berlin time',
      timeZone: 'Europe/Berlin',
      mode: 'native',
      eventBridge: { expression: 'cron(0 9 ? * MON-FRI *)', timeZone: 'Europe/Berlin' },
      fireTimes: [
        { fireTime: '2026-11-24T08:00:00Z', local: '2026-11-24T09:00:00+01:00' },
        { fireTime: '2026-11-25T08:00:00Z', local: '2026-11-25T09:00:00+01:00' },
      ],
      omitted: [],
      hasMoreOmitted: false,
      exhausted: false,
    });
  });

  it('says why EventBridge cannot hold a trigger', () => {
    const preview = previewOf({ kind: 'interval', every: '7m' }, '2026-11-23T08:00:00Z', 1);

    expect(preview.mode).toBe('planned');
    expect(preview.reason).toMatch(/divide the hour/);
    expect(preview.eventBridge).toBeUndefined();
  });

  it('lists the wall-clock time that a gap leaves out, in its place and without an offset', () => {
    const trigger = { kind: 'cron', expression: '30 2 * * *', timeZone: NEW_YORK };

    const preview = previewOf(trigger, '2026-03-07T00:00:00Z', 2);

    expect(preview.fireTimes.map(({ local }) => local)).toEqual([
      '2026-03-07T02:30:00-05:00',
      '2026-03-09T02:30:00-04:00',
    ]);
    expect(preview.omitted).toEqual([
      {
        note: 'skipped',
        local: '2026-03-08T02:30:00',
        timeZone: NEW_YORK,
        changeAt: '2026-03-08T07:00:00Z',
      },
    ]);
  });

  it('leaves out what is skipped after the last fire time, or before the first instant asked for', () => {
    const trigger = { kind: 'cron', expression: '30 2 * * *', timeZone: NEW_YORK };

    expect(previewOf(trigger, '2026-03-07T00:00:00Z', 1).omitted).toEqual([]);
    expect(previewOf(trigger, '2026-03-08T07:29:59Z', 1).omitted).toHaveLength(1);
    expect(previewOf(trigger, '2026-03-08T07:30:00Z', 1).omitted).toEqual([]);
  });

  it('marks a time that was shifted out of a gap', () => {
    const trigger = { kind: 'cron', expression: '30 2 * * *', timeZone: NEW_YORK, gap: 'shift' };

    const preview = previewOf(trigger, '2026-03-08T00:00:00Z', 1);

    expect(preview.omitted).toEqual([]);
    expect(preview.fireTimes).toEqual([
      { fireTime: '2026-03-08T07:30:00Z', local: '2026-03-08T03:30:00-04:00', notes: ['shifted'] },
    ]);
  });

  it.each([
    ['first', ['2026-11-01T01:30:00-04:00', '2026-11-02T01:30:00-05:00']],
    ['both', ['2026-11-01T01:30:00-04:00', '2026-11-01T01:30:00-05:00']],
  ])('marks a time that the clock shows twice, with fold %s', (fold, local) => {
    const trigger = { kind: 'cron', expression: '30 1 * * *', timeZone: NEW_YORK, fold };

    const { fireTimes } = previewOf(trigger, '2026-11-01T00:00:00Z', 2);

    expect(fireTimes.map((each) => each.local)).toEqual(local);
    expect(fireTimes.map((each) => each.notes)).toEqual(
      fold === 'both' ? [['repeated'], ['repeated']] : [['repeated'], undefined],
    );
  });

  it('lists what an exclusion suppresses beside what a clock change skips, in order', () => {
    const trigger = {
      kind: 'cron',
      expression: '30 2 * * *',
      timeZone: NEW_YORK,
      exclude: ['2026-03-07', '2026-03-09'],
    };

    const { omitted } = previewOf(trigger, '2026-03-06T12:00:00Z', 1);

    expect(omitted.map(({ note, local }) => `${note} ${local}`)).toEqual([
      'excluded 2026-03-07T02:30:00-05:00',
      'skipped 2026-03-08T02:30:00',
      'excluded 2026-03-09T02:30:00-04:00',
    ]);
  });

  it('lists what is suppressed after the last fire time of a trigger that ends', () => {
    const trigger = {
      kind: 'cron',
      expression: '0 9 * * *',
      endAt: '2026-12-31T23:00:00',
      exclude: ['2026-12-31'],
    };

    const preview = previewOf(trigger, '2026-12-30T00:00:00Z', 5);

    expect(preview.exhausted).toBe(true);
    expect(preview.fireTimes).toHaveLength(1);
    expect(preview.omitted.map(({ fireTime }) => fireTime)).toEqual(['2026-12-31T09:00:00Z']);
  });

  it('lists at most 100 suppressed times, and says that there are more', () => {
    const trigger = { kind: 'cron', expression: '* * * * *', exclude: ['sat', 'sun'] };

    const preview = previewOf(trigger, '2026-11-20T23:59:00Z', 1);

    expect(preview.omitted).toHaveLength(100);
    expect(preview.hasMoreOmitted).toBe(true);
    expect(preview.omitted.at(-1)?.fireTime).toBe('2026-11-21T01:39:00Z');
  });

  it('does not count as suppressed what another trigger of an `any` fires', () => {
    const nine = { kind: 'cron', expression: '0 9 * * *' };
    const trigger = {
      kind: 'any',
      of: [nine, { kind: 'cron', expression: '0 9,10 * * *', exclude: ['2026-11-24'] }],
    };

    const { omitted } = previewOf(trigger, '2026-11-23T12:00:00Z', 2);

    expect(omitted.map(({ fireTime }) => fireTime)).toEqual(['2026-11-24T10:00:00Z']);
  });

  it('is exhausted only when fewer fire times are left than were asked for', () => {
    const trigger = { kind: 'rrule', rule: 'FREQ=DAILY;COUNT=3', startAt: '2026-11-23T09:00:00' };

    expect(previewOf(trigger, '2026-11-01T00:00:00Z', 3).exhausted).toBe(false);
    expect(previewOf(trigger, '2026-11-01T00:00:00Z', 4).exhausted).toBe(true);
  });

  it('shows a trigger that has passed without fire times', () => {
    const preview = previewOf({ kind: 'once', at: '2020-01-01T00:00:00' }, '2026-01-01T00:00:00Z');

    expect(preview).toMatchObject({ fireTimes: [], exhausted: true });
  });

  it('shows as `local` the same instant as `fireTime`, whatever the trigger and the zone', () => {
    const zones = fc.constantFrom('UTC', NEW_YORK, 'Australia/Lord_Howe', 'Africa/Cairo');
    fc.assert(
      fc.property(
        anyCrontab(),
        zones,
        fc.integer({ min: 0, max: 4e9 }),
        ({ expression }, timeZone, from) => {
          const trigger = aTriggerIfItFires({ kind: 'cron', expression, timeZone });
          if (!trigger) return;

          const { fireTimes } = previewTrigger(trigger, { from, count: 5 });

          expect(fireTimes.map(({ local }) => at(local))).toEqual(
            fireTimes.map(({ fireTime }) => at(fireTime)),
          );
          expect(at(fireTimes[0]?.fireTime ?? '')).toBe(nextFireTime(trigger, from));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('takeFireTimes', () => {
  it('takes the next second after a time with a fraction', () => {
    const trigger = aTrigger({ kind: 'interval', every: 1 });

    expect(takeFireTimes(trigger, 10.9, 2)).toEqual([11, 12]);
  });
});

function previewOf(json: Record<string, unknown>, from: string, count = 10): Preview {
  return previewTrigger(aTrigger(json), { from: at(from), count });
}
