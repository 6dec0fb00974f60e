import { describe, expect, it } from 'vitest';
import { resultExpiring } from '#shared/domain/event/result-expiring.ts';
import { aJob } from '#test/support/a-job.ts';

/** 30 November 2026, 9:00. */
const EXPIRES_AT = 1_796_029_200;
const job = aJob({
  resultExpiresAt: EXPIRES_AT,
  announceExpiry: true,
  metadata: { team: 'sales' },
});

describe('resultExpiring', () => {
  it('tells of a result a day before it expires, under an id of its expiry', () => {
    expect(resultExpiring(job)).toEqual({
      type: 'result.expiring',
      id: 'daily-sales@20261123T090000Z/result-expiring-20261130T090000Z',
      subject: 'daily-sales@20261123T090000Z',
      time: '2026-11-29T09:00:00Z',
      data: {
        jobId: 'daily-sales@20261123T090000Z',
        scheduleId: 'daily-sales',
        task: 'sales-report',
        fireTime: '2026-11-23T09:00:00Z',
        finishedAt: job.finishedAt,
        resultBytes: job.resultBytes,
        resultExpiresAt: '2026-11-30T09:00:00Z',
        metadata: { team: 'sales' },
      },
    });
  });

  it('is told under another id where the time has been set anew', () => {
    const extended = { ...job, resultExpiresAt: EXPIRES_AT + 86_400 };

    expect(resultExpiring(extended)?.id).not.toBe(resultExpiring(job)?.id);
  });

  it('is not told where nobody asked for it, or no result is there', () => {
    const { announceExpiry: _, ...archivedOnly } = { ...job, archiveDays: 30 };
    const { content: _c, ...bare } = job;

    expect(resultExpiring(archivedOnly)).toBeUndefined();
    expect(resultExpiring(bare)).toBeUndefined();
  });
});
