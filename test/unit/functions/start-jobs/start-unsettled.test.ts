import { describe, expect, it } from 'vitest';
import { startUnsettled } from '#functions/start-jobs/start-unsettled.ts';
import type { Job, JobState } from '#shared/domain/job/job.ts';
import type { Start } from '#shared/domain/job/start.ts';
import { aJob } from '#test/support/a-job.ts';
import { aStart } from '#test/support/a-start.ts';

/** Starts a job of the adopted task `greeting`, or of another, whose row stands as given. */
async function startWith(row: Job | undefined, task = 'greeting') {
  const invoked: Start[] = [];
  const reads: unknown[] = [];
  const tasks = startUnsettled(
    { invoke: async (start) => void invoked.push(start) },
    {
      isAdopted: (taskId) => taskId === 'greeting',
      jobs: {
        get: async (key) => {
          reads.push(key);
          return row;
        },
      },
    },
  );
  await tasks.invoke(aStart({ task }));
  return { invoked: invoked.length, reads: reads.length };
}

describe('startUnsettled', () => {
  it('keeps back the start of an adopted task whose job has settled', async () => {
    expect(await startWith(aJob({ state: 'settled' }))).toEqual({ invoked: 0, reads: 1 });
  });

  it('hands on one whose job has no row', async () => {
    expect(await startWith(undefined)).toEqual({ invoked: 1, reads: 1 });
  });

  it.each<JobState>(['queued', 'running', 'retrying'])(
    'hands on one whose job is %s',
    async (state) => {
      expect(await startWith(aJob({ state }))).toEqual({ invoked: 1, reads: 1 });
    },
  );

  it('reads nothing for a task that claims its jobs itself', async () => {
    expect(await startWith(aJob({ state: 'settled' }), 'sales-report')).toEqual({
      invoked: 1,
      reads: 0,
    });
  });
});
