import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { previewTrigger } from '#shared/domain/schedule/preview.ts';
import { describeTrigger } from '#shared/domain/triggers/describe-trigger.ts';
import { findPolicyFaults } from '#shared/domain/triggers/find-policy-faults.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import { toEventBridge } from '#shared/domain/triggers/to-event-bridge.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';
import { at } from '#test/support/instant.ts';

const NOW = at('2026-11-23T09:00:00Z');

function following(fields: Record<string, unknown> = {}) {
  return { kind: 'after', schedule: 'daily-sales', ...fields };
}

function sound(fields?: Record<string, unknown>): Trigger {
  const parsed = parseTrigger(following(fields));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.trigger;
}

function faultsOf(json: unknown): readonly string[] {
  const parsed = parseTrigger(json);
  return parsed.ok ? [] : parsed.faults.map(({ pointer, code }) => `${pointer} ${code}`);
}

describe('an after trigger', () => {
  it('follows success where it names no outcome', () => {
    expect(sound()).toEqual({ kind: 'after', schedule: 'daily-sales', outcomes: ['success'] });
  });

  it.each([
    ['error', ['error']],
    [
      ['timed-out', 'error'],
      ['error', 'timed-out'],
    ],
    ['any', OUTCOMES],
  ])('takes the outcome %j', (outcome, outcomes) => {
    expect(sound({ outcome })).toMatchObject({ outcomes });
  });

  it.each([
    [following({ schedule: 'no id' }), '/schedule trigger.invalid'],
    [following({ schedule: 7 }), '/schedule trigger.invalid'],
    [following({ schedule: 'task:sales-report' }), '/schedule trigger.invalid'],
    [{ kind: 'after' }, '/schedule trigger.invalid'],
    [following({ outcome: 'failure' }), '/outcome trigger.invalid'],
    [following({ outcome: [] }), '/outcome trigger.invalid'],
    [following({ outcome: ['error', 'error'] }), '/outcome trigger.invalid'],
    [following({ outcome: ['any'] }), '/outcome trigger.invalid'],
    [following({ outcome: null }), '/outcome trigger.invalid'],
    [following({ startAt: '2027-01-01T00:00:00Z' }), '/startAt field.unknown'],
    [following({ timeZone: 'UTC' }), '/timeZone field.unknown'],
    [{ kind: 'any', of: [following()] }, '/of/0 trigger.invalid'],
    [
      { kind: 'all', of: [{ kind: 'cron', expression: '@daily' }, following()] },
      '/of/1 trigger.invalid',
    ],
  ])('is refused as %j, at %s', (json, fault) => {
    expect(faultsOf(json)).toEqual([fault]);
  });

  it('tells of all its faults together', () => {
    expect(faultsOf(following({ schedule: '', outcome: 'never', every: 60 }))).toEqual([
      '/every field.unknown',
      '/outcome trigger.invalid',
      '/schedule trigger.invalid',
    ]);
  });

  it('has no fire times, and is no trigger that has passed', () => {
    expect(nextFireTime(sound(), NOW)).toBeUndefined();
    expect(findPolicyFaults(sound(), NOW)).toEqual([]);
  });

  it('is none of EventBridge’s business', () => {
    expect(toEventBridge(sound())).toEqual({ kind: 'dependent' });
  });

  it.each([
    [undefined, 'Whenever a job of daily-sales ends in success'],
    ['error', 'Whenever a job of daily-sales ends in error'],
    [['error', 'timed-out'], 'Whenever a job of daily-sales ends in error or timed-out'],
    ['any', 'Whenever a job of daily-sales ends, however it ends'],
  ])('is described, with outcome %j, as: %s', (outcome, text) => {
    expect(describeTrigger(sound(outcome === undefined ? {} : { outcome }))).toBe(text);
  });

  it('is previewed without fire times, yet not as exhausted', () => {
    expect(previewTrigger(sound(), { from: NOW, count: 5 })).toEqual({
      description: 'Whenever a job of daily-sales ends in success',
      timeZone: 'UTC',
      mode: 'dependent',
      fireTimes: [],
      omitted: [],
      hasMoreOmitted: false,
      exhausted: false,
    });
  });
});
