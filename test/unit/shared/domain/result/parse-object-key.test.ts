import { describe, expect, it } from 'vitest';
import { parseObjectKey } from '#shared/domain/result/parse-object-key.ts';

const key = { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' };

describe('parseObjectKey', () => {
  it('reads the class, the job and the attempt of a result', () => {
    expect(parseObjectKey('results/7d/daily-sales/20261123T090000Z/2-x7Kq_0-2')).toEqual({
      kind: 'result',
      days: 7,
      place: { key, attempt: 2, owner: 'x7Kq_0-2' },
    });
  });

  it('reads the job and the attempt of an end that could not be written', () => {
    expect(parseObjectKey('unsettled/daily-sales/20261123T090000Z/1-owner')).toEqual({
      kind: 'unsettled',
      place: { key, attempt: 1, owner: 'owner' },
    });
  });

  it('reads jobs that were submitted', () => {
    const suffix = '01KB0Q1V7Z0000000000000000';
    const text = `results/30d/task:sales-report/20261123T090000Z~${suffix}/1-owner`;

    expect(parseObjectKey(text)).toMatchObject({
      place: {
        key: { scheduleId: 'task:sales-report', fireTime: `2026-11-23T09:00:00Z~${suffix}` },
      },
    });
  });

  it.each(['daily-sales', 'task:sales-report'])(
    'reads whose jobs share a result: %s',
    (scheduleId) => {
      expect(parseObjectKey(`results/30d/=${scheduleId}/${'0f'.repeat(32)}`)).toEqual({
        kind: 'shared',
        days: 30,
        scheduleId,
      });
    },
  );

  it.each([
    `results/30d/=daily sales/${'0f'.repeat(32)}`,
    `results/31d/=daily-sales/${'0f'.repeat(32)}`,
    'results/30d/=daily-sales/0f',
    'results/8d/daily-sales/20261123T090000Z/1-owner',
    'results/07d/daily-sales/20261123T090000Z/1-owner',
    'results/7d/daily-sales/20261399T090000Z/1-owner',
    'results/7d/daily-sales/20261123T090000Z/01-owner',
    'results/7d/daily-sales/20261123T090000Z/1-',
    'results/7d/daily-sales/20261123T090000Z/owner',
    'results/7d/daily-sales/20261123T090000Z/1-owner/more',
    'results/7d/daily sales/20261123T090000Z/1-owner',
    'results/7d/by-content/0f343b0931126a20f133d67c2b018a3b',
    'archive/7d/daily-sales/20261123T090000Z/1-owner',
    'unsettled/7d/daily-sales/20261123T090000Z/1-owner',
    '',
  ])('reads nothing out of %s, which no attempt has written', (text) => {
    expect(parseObjectKey(text)).toBeUndefined();
  });
});
