import { describe, expect, it } from 'vitest';
import { findPolicyFaults } from '#shared/domain/triggers/find-policy-faults.ts';
import { aTrigger } from '#test/support/a-trigger.ts';
import { at } from '#test/support/instant.ts';

const now = at('2026-11-23T09:00:00Z');

function faultOf(json: Record<string, unknown>) {
  const [fault] = findPolicyFaults(aTrigger(json), now);
  return fault && [fault.code, fault.pointer];
}

describe('findPolicyFaults', () => {
  it.each([
    { kind: 'once', at: '2026-11-23T09:00:01Z' },
    { kind: 'cron', expression: '* * * * *', timeZone: 'Europe/Berlin', fold: 'both' },
    { kind: 'interval', every: 60 },
    { kind: 'cron', fields: { second: 30 } },
    { kind: 'rrule', rule: 'FREQ=SECONDLY;INTERVAL=60', startAt: '2026-01-01T00:00:00Z' },
  ])('finds none in %j', (json) => {
    expect(findPolicyFaults(aTrigger(json), now)).toEqual([]);
  });

  it.each([
    [{ kind: 'once', at: '2026-11-23T09:00:00Z' }, ['trigger.past', '/at']],
    [
      { kind: 'cron', expression: '@daily', endAt: '2026-11-23T00:00:00Z' },
      ['trigger.past', '/endAt'],
    ],
    [{ kind: 'cron', expression: 'cron(0 9 * * ? 2025)' }, ['trigger.never-fires', '']],
    [
      { kind: 'rrule', rule: 'FREQ=DAILY;COUNT=3', startAt: '2026-01-01T00:00:00Z' },
      ['trigger.never-fires', ''],
    ],
    [{ kind: 'interval', every: 59 }, ['trigger.too-frequent', '/every']],
    [{ kind: 'cron', fields: { second: '0,59' } }, ['trigger.too-frequent', '']],
    [
      { kind: 'rrule', rule: 'FREQ=SECONDLY', startAt: '2026-01-01T00:00:00Z' },
      ['trigger.too-frequent', ''],
    ],
    [
      {
        kind: 'any',
        of: [
          { kind: 'cron', expression: '@daily' },
          { kind: 'cron', fields: { hour: 0, second: 1 } },
        ],
      },
      ['trigger.too-frequent', ''],
    ],
  ])('finds in %j: %s', (json, fault) => {
    expect(faultOf(json)).toEqual(fault);
  });

  it('finds in an all whose triggers do not agree that its iterations are used up', () => {
    const of = [0, 30].map((second) => ({
      kind: 'interval',
      every: 60,
      startAt: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`,
    }));

    const [fault] = findPolicyFaults(aTrigger({ kind: 'all', of, maxIterations: 100 }), now);

    expect(fault).toEqual({
      pointer: '',
      code: 'trigger.max-iterations',
      detail:
        'Expected the triggers of an `all` to agree within 100 iterations, got no fire time that they share',
    });
  });

  it('says how close the fire times lie', () => {
    const [fault] = findPolicyFaults(aTrigger({ kind: 'interval', every: '30s' }), now);

    expect(fault?.detail).toBe('Expected fire times to be at least 60 s apart, got 30 s');
  });
});
