import { describe, expect, it } from 'vitest';
import { archive } from '#shared/contracts/archive.ts';
import { faultsOf } from '#shared/contracts/faults-of.ts';
import { newScheduleBody } from '#shared/contracts/schedule-body.ts';

const DAY = 86_400;

describe('archive', () => {
  it.each([
    ['3y', 1_095 * DAY],
    ['P3Y', 1_095 * DAY],
    ['10y', 3_650 * DAY],
    ['90d', 90 * DAY],
    ['P2W', 14 * DAY],
    [DAY, DAY],
  ])('reads %j as whole days, in seconds', (keep, seconds) => {
    expect(archive.parse({ after: 'expiry', keep })).toEqual({ after: 'expiry', keep: seconds });
  });

  it.each([0, -1, Number.NaN, '23h', '25h', '11y', '3 years', '3Y', '1.5y', null, {}])(
    'refuses to keep anything for %j',
    (keep) => {
      const body = { task: 'sales-report', trigger: {}, archive: { after: 'expiry', keep } };
      const { error } = newScheduleBody.safeParse(body, { reportInput: true });

      expect(error && faultsOf(error)).toMatchObject([
        {
          pointer: '/archive/keep',
          code: 'retention.invalid',
          detail: expect.stringMatching(/^Expected `archive.keep` to be whole days, .* got .+\.$/),
        },
      ]);
    },
  );

  it('knows no other occasion, and nothing besides', () => {
    const faults = (value: unknown) => {
      const { error } = archive.safeParse(value, { reportInput: true });
      return error && faultsOf(error).map(({ pointer }) => pointer);
    };

    expect(faults({ after: 'settle', keep: '3y' })).toEqual(['/after']);
    expect(faults({ keep: '3y' })).toEqual(['/after']);
    expect(faults({ after: 'expiry', keep: '3y', format: 'csv' })).toEqual(['/format']);
  });
});
