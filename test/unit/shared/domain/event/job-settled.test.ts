import { describe, expect, it } from 'vitest';
import { jobSettled } from '#shared/domain/event/job-settled.ts';
import { aJob, aRunningJob } from '#test/support/a-job.ts';

describe('jobSettled', () => {
  it('tells how a job ended and what was kept of it, at the instant it finished', () => {
    expect(jobSettled(aJob({ metadata: { team: 'sales' } }))).toEqual({
      type: 'job.settled',
      id: 'daily-sales@20261123T090000Z/settled',
      subject: 'daily-sales@20261123T090000Z',
      time: '2026-11-23T09:00:02Z',
      data: {
        jobId: 'daily-sales@20261123T090000Z',
        scheduleId: 'daily-sales',
        task: 'sales-report',
        fireTime: '2026-11-23T09:00:00Z',
        outcome: 'success',
        attempt: 1,
        revision: 1,
        startedAt: '2026-11-23T09:00:01Z',
        finishedAt: '2026-11-23T09:00:02Z',
        durationMs: 640,
        resultState: 'stored',
        resultBytes: 11,
        resultExpiresAt: '2026-11-23T10:00:02Z',
        expiresAt: '2026-11-23T10:16:00Z',
        metadata: { team: 'sales' },
      },
    });
  });

  it('tells an error by its name, and nothing of its message, which may quote an input', () => {
    const error = { name: 'SourceUnavailable', message: 'no answer for secret', stack: 'secret' };

    const event = jobSettled(aJob({ outcome: 'error', error }));

    expect(event?.data).toMatchObject({ outcome: 'error', errorName: 'SourceUnavailable' });
    expect(JSON.stringify(event)).not.toContain('secret');
  });

  it('holds nothing of a result, nor why it could not be kept', () => {
    const event = jobSettled(
      aJob({ content: { kind: 'text', text: '"secret"' }, resultReason: 'secret' }),
    );

    expect(JSON.stringify(event)).not.toContain('secret');
  });

  it('names a job without a schedule by its task', () => {
    const key = { scheduleId: 'task:sales-report', fireTime: '2026-11-23T09:00:00Z~01' };

    expect(jobSettled(aJob({ key }))?.data).toMatchObject({
      scheduleId: 'task:sales-report',
      fireTime: '2026-11-23T09:00:00Z',
    });
  });

  it('has nothing to tell of a job that runs', () => {
    expect(jobSettled(aRunningJob())).toBeUndefined();
  });
});
