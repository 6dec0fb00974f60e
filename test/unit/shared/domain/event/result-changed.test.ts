import { describe, expect, it } from 'vitest';
import { hasComparableResult, resultChanged } from '#shared/domain/event/result-changed.ts';
import { aJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const yesterday = aJob({
  key: { scheduleId: 'daily-sales', fireTime: '2026-11-22T09:00:00Z' },
  finishedAt: '2026-11-22T09:00:02Z',
  resultBytes: 9,
});

describe('hasComparableResult', () => {
  it('is so of a success whose result is kept', () => {
    expect(hasComparableResult(aJob(), FIRE_TIME)).toBe(true);
  });

  it('is so of a result that is kept without an end', () => {
    const { resultExpiresAt: _, ...endless } = aJob();

    expect(hasComparableResult(endless, FIRE_TIME * 2)).toBe(true);
  });

  const { content: _, ...withoutResult } = aJob();
  const asked = { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z~01' };
  it.each([
    ['a failure', aJob({ outcome: 'error' })],
    ['a job of which no result was kept', withoutResult],
    ['a result that expires at this instant', aJob({ resultExpiresAt: FIRE_TIME })],
    ['a job that someone asked for', aJob({ key: asked })],
  ])('is not so of %s', (_name, job) => {
    expect(hasComparableResult(job, FIRE_TIME)).toBe(false);
  });
});

describe('resultChanged', () => {
  it('names both jobs and the sizes of their results', () => {
    expect(resultChanged(aJob(), yesterday)).toEqual({
      type: 'result.changed',
      id: 'daily-sales@20261123T090000Z/result-changed',
      subject: 'daily-sales@20261123T090000Z',
      time: '2026-11-23T09:00:02Z',
      data: {
        jobId: 'daily-sales@20261123T090000Z',
        scheduleId: 'daily-sales',
        task: 'sales-report',
        fireTime: '2026-11-23T09:00:00Z',
        finishedAt: '2026-11-23T09:00:02Z',
        resultBytes: 11,
        resultExpiresAt: '2026-11-23T10:00:02Z',
        previous: {
          jobId: 'daily-sales@20261122T090000Z',
          finishedAt: '2026-11-22T09:00:02Z',
          resultBytes: 9,
        },
        metadata: {},
      },
    });
  });
});
