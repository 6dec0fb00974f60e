import { describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { excludedFireTimes } from '#shared/domain/triggers/excluded-fire-times.ts';
import { explainClockChanges } from '#shared/domain/triggers/explain-clock-changes.ts';
import { aTrigger } from '#test/support/a-trigger.ts';
import { at } from '#test/support/instant.ts';

const year2026 = { from: at('2026-01-01T00:00:00Z'), to: at('2026-12-31T23:59:59Z') };
const newYork = (more: object) =>
  aTrigger({ kind: 'cron', expression: '30 1,2 * * *', timeZone: 'America/New_York', ...more });

describe('explainClockChanges', () => {
  it('tells a skipped time from a repeated one', () => {
    expect(explainClockChanges(newYork({}), year2026)).toEqual([
      {
        effect: 'skipped',
        timeZone: 'America/New_York',
        wallTime: '2026-03-08T02:30:00',
        changeAt: at('2026-03-08T07:00:00Z'),
        fireTimes: [],
      },
      {
        effect: 'repeated',
        timeZone: 'America/New_York',
        wallTime: '2026-11-01T01:30:00',
        changeAt: at('2026-11-01T06:00:00Z'),
        fireTimes: [at('2026-11-01T05:30:00Z')],
      },
    ]);
  });

  it('names the instants of shifted and doubled times', () => {
    const effects = explainClockChanges(newYork({ gap: 'shift', fold: 'both' }), year2026);

    expect(effects.map(({ effect, fireTimes }) => [effect, fireTimes.map(toIso)])).toEqual([
      ['shifted', ['2026-03-08T07:30:00Z']],
      ['repeated', ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z']],
    ]);
  });

  it('is silent about times that bounds or exclusions keep from firing', () => {
    const kept = newYork({ startAt: '2026-06-01T00:00:00', exclude: ['2026-11-01'] });

    expect(explainClockChanges(kept, year2026)).toEqual([]);
  });

  it('collects the effects on the triggers of an any, and has none for intervals', () => {
    const of = [
      { kind: 'interval', every: '1h' },
      { kind: 'cron', expression: '30 2 * * *', timeZone: 'Europe/Berlin' },
      { kind: 'cron', expression: '30 2 * * *', timeZone: 'America/New_York' },
    ];

    const effects = explainClockChanges(aTrigger({ kind: 'any', of }), year2026);

    expect(effects.map(({ wallTime }) => wallTime)).toEqual([
      '2026-03-08T02:30:00',
      '2026-03-29T02:30:00',
      '2026-10-25T02:30:00',
    ]);
  });

  it('stops at 500 effects', () => {
    const trigger = aTrigger({ kind: 'cron', fields: { second: '*' }, timeZone: 'Europe/Berlin' });

    expect(explainClockChanges(trigger, year2026)).toHaveLength(500);
  });
});

describe('excludedFireTimes', () => {
  it('lists what exclude suppresses, and nothing else', () => {
    const trigger = aTrigger({
      kind: 'cron',
      expression: '0 9 * * *',
      exclude: ['sun', '2026-01-06'],
    });

    const found = excludedFireTimes(
      trigger,
      at('2026-01-03T00:00:00Z'),
      at('2026-01-09T00:00:00Z'),
    );

    expect([...found].map(toIso)).toEqual(['2026-01-04T09:00:00Z', '2026-01-06T09:00:00Z']);
  });

  it('lists nothing for a trigger without exclude', () => {
    const found = excludedFireTimes(aTrigger({ kind: 'cron', expression: '@daily' }), 0, 1e9);

    expect([...found]).toEqual([]);
  });
});
