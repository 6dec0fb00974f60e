import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LifecycleRule, objectDue, uploadDue } from '#local/services/s3/lifecycle-rule.ts';

const DAY_MS = 86_400_000;

function aRule(changes: Partial<LifecycleRule> = {}): LifecycleRule {
  return { id: 'rule', isEnabled: true, prefix: '', ...changes };
}

function anObject(lastModified: string, key = 'results/1d/a') {
  return { key, bytes: 10, lastModifiedMs: Date.parse(lastModified) };
}

describe('objectDue', () => {
  it('is the midnight after the creation and the days, as in the example of the user guide', () => {
    const due = objectDue([aRule({ expirationDays: 3 })], anObject('2026-01-15T10:30:00Z'));

    expect(due).toEqual({ ruleId: 'rule', atMs: Date.parse('2026-01-19T00:00:00Z') });
  });

  it('is a midnight, at least the days and less than a day more after the creation', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_102_444_800_000 }),
        fc.integer({ min: 1, max: 3660 }),
        (lastModifiedMs, expirationDays) => {
          const object = { key: 'k', bytes: 1, lastModifiedMs };

          const atMs = objectDue([aRule({ expirationDays })], object)?.atMs ?? Number.NaN;

          expect(atMs % DAY_MS).toBe(0);
          expect(atMs - lastModifiedMs).toBeGreaterThanOrEqual(expirationDays * DAY_MS);
          expect(atMs - lastModifiedMs).toBeLessThan((expirationDays + 1) * DAY_MS);
        },
      ),
    );
  });

  it('is the earliest of all rules that apply', () => {
    const rules = [
      aRule({ id: 'later', expirationDays: 30 }),
      aRule({ id: 'off', expirationDays: 1, isEnabled: false }),
      aRule({ id: 'elsewhere', expirationDays: 1, prefix: 'results/7d/' }),
      aRule({ id: 'too-small', expirationDays: 1, largerThanBytes: 10 }),
      aRule({ id: 'too-large', expirationDays: 1, smallerThanBytes: 10 }),
      aRule({ id: 'sooner', expirationDays: 8, prefix: 'results/1d/', largerThanBytes: 9 }),
      aRule({ id: 'fixed', expirationDateMs: Date.parse('2030-01-01T00:00:00Z') }),
    ];

    expect(objectDue(rules, anObject('2026-11-23T09:00:00Z'))?.ruleId).toBe('sooner');
  });

  it('is none without a rule that expires objects', () => {
    expect(objectDue([aRule({ abortUploadsAfterDays: 1 })], anObject('2026-11-23'))).toBe(
      undefined,
    );
  });
});

describe('uploadDue', () => {
  it('counts from the initiation, by the rules that abort uploads', () => {
    const rules = [aRule({ expirationDays: 1 }), aRule({ id: 'abort', abortUploadsAfterDays: 7 })];
    const upload = { key: 'k', initiatedAtMs: Date.parse('2026-11-23T09:00:00Z') };

    expect(uploadDue(rules, upload)).toEqual({
      ruleId: 'abort',
      atMs: Date.parse('2026-12-01T00:00:00Z'),
    });
  });
});
