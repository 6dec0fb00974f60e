import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FIRE_TIME_PATTERN,
  fireTimeOf,
  ID_PATTERN,
  jobId,
  jobKeyOf,
  parseJobId,
} from '#shared/domain/job/job-key.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const anyId = fc.stringMatching(ID_PATTERN);
const anySuffix = fc.oneof(
  fc.constant(''),
  fc.stringMatching(/^[0-9A-Z]{26}$/).map((suffix) => `~${suffix}`),
);

describe('jobId', () => {
  it('is the schedule and the fire time', () => {
    expect(jobId(jobKeyOf('daily-sales', FIRE_TIME))).toBe('daily-sales@20261123T090000Z');
  });

  it('is read back as its key', () => {
    const anyInstant = fc.integer({ min: 0, max: 4_102_444_800 });
    const anyOwner = fc.tuple(fc.constantFrom('', 'task:'), anyId).map((parts) => parts.join(''));

    fc.assert(
      fc.property(anyOwner, anyInstant, anySuffix, (scheduleId, instant, suffix) => {
        const { fireTime } = jobKeyOf(scheduleId, instant);
        const key = { scheduleId, fireTime: `${fireTime}${suffix}` };

        expect(parseJobId(jobId(key))).toEqual(key);
        expect(fireTimeOf(key)).toBe(instant);
        expect(key.fireTime).toMatch(FIRE_TIME_PATTERN);
      }),
    );
  });
});

describe('parseJobId', () => {
  it.each([
    [''],
    ['daily-sales'],
    ['daily-sales@'],
    ['@20261123T090000Z'],
    ['daily-sales@2026-11-23T09:00:00Z'],
    ['daily-sales@20261123T090000'],
    ['daily-sales@20260230T090000Z'],
    ['daily-sales@20261123T240000Z'],
    ['daily-sales@20261123T090000Z~short'],
    ['daily sales@20261123T090000Z'],
    ['slot:daily-sales@20261123T090000Z'],
    [`${'x'.repeat(65)}@20261123T090000Z`],
    ['daily-sales@20261123T090000Z\n'],
  ])('does not take %j for one', (text) => {
    expect(parseJobId(text)).toBeUndefined();
  });
});

describe('fireTimeOf', () => {
  it('refuses a key of no time', () => {
    expect(() => fireTimeOf({ scheduleId: 'daily-sales', fireTime: '#1' })).toThrow(RangeError);
  });
});
