import { describe, expect, it } from 'vitest';
import { decideOverdue } from '#shared/domain/job/decide-overdue.ts';
import type { OpenJob } from '#shared/domain/job/open-job.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { aDefinition } from '#test/support/a-schedule.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { anOpenJob, aQueuedJob, aRetryingJob } from '#test/support/an-open-job.ts';

const RETRY = { maxAttempts: 3, delay: 30, factor: 2, maxDelay: 900 };
const DEFINITION = aDefinition({ policy: { resultExpirationTime: 3_600, retry: RETRY } });

function overdue(
  open: OpenJob,
  secondsLater: number,
  definition: ScheduleDefinition | undefined = DEFINITION,
) {
  const view = { now: FIRE_TIME + secondsLater, isAdopted: (task: string) => task === 'greeting' };
  return decideOverdue(open, definition, view);
}

describe('decideOverdue, of a running job', () => {
  it('waits while its lease holds, and five minutes more for its letter', () => {
    expect(overdue(anOpenJob(), 120 + 10 + 299)).toEqual({ kind: 'wait' });
    expect(overdue(anOpenJob(), 120 + 10 + 300)).toMatchObject({ kind: 'take-up' });
  });

  it('takes it up as its own letter would have had it, with the policy of its schedule', () => {
    expect(overdue(anOpenJob({ attempt: 2 }), 1_000)).toEqual({
      kind: 'take-up',
      letter: {
        start: aStart({ attempt: 2, policy: DEFINITION.policy }),
        kind: 'crashed',
        code: 'LeaseEnded',
        message: 'The attempt did not end within its lease, and nothing was reported of it.',
        isPermanent: false,
      },
    });
  });

  it('takes up what was queued with the start that it was queued with', () => {
    const start = aStart({ fireTime: '2026-11-23T09:00:00Z~01J', input: { rows: 7 } });

    expect(overdue(anOpenJob({}, { start }), 1_000)).toMatchObject({ letter: { start } });
  });

  it.each([
    ['was changed since', aDefinition({ revision: 2, policy: DEFINITION.policy })],
    ['was deleted', undefined],
  ])(
    'allows no further attempt where its schedule %s, as input and policy are lost',
    (_, definition) => {
      const view = { now: FIRE_TIME + 1_000, isAdopted: () => false };
      const decided = decideOverdue(anOpenJob(), definition, view);

      expect(decided).toMatchObject({ kind: 'take-up', letter: { start: { input: null } } });
      expect(decided).not.toHaveProperty('letter.start.policy.retry');
    },
  );
});

describe('decideOverdue, of a job that waits for a retry', () => {
  it('sends its start again once that is five minutes overdue', () => {
    expect(overdue(aRetryingJob(), 60 + 299)).toEqual({ kind: 'wait' });
    expect(overdue(aRetryingJob(), 60 + 300)).toEqual({
      kind: 'send',
      start: aStart({ attempt: 2, policy: DEFINITION.policy }),
    });
  });

  it('keeps the deliverBy of a start that had one of its own', () => {
    const open = aRetryingJob({ deliverBy: FIRE_TIME + 9_000 });

    expect(overdue(open, 5_000)).toMatchObject({ start: { deliverBy: '2026-11-23T11:30:00Z' } });
  });

  it('goes by when it is to be looked at again, where it waits for its turn', () => {
    const open = aRetryingJob({ lookAgainAt: FIRE_TIME + 1_000 });

    expect(overdue(open, 1_299)).toEqual({ kind: 'wait' });
    expect(overdue(open, 1_300)).toMatchObject({ kind: 'send' });
  });

  it('is given up five minutes after deliverBy, and waits in between', () => {
    expect(overdue(aRetryingJob(), 3_600)).toMatchObject({ kind: 'send' });
    expect(overdue(aRetryingJob(), 3_601)).toEqual({ kind: 'wait' });
    expect(overdue(aRetryingJob(), 3_900)).toEqual({ kind: 'wait' });
    expect(overdue(aRetryingJob(), 3_901)).toMatchObject({
      kind: 'give-up',
      start: { attempt: 2 },
      end: { outcome: 'missed', error: { name: 'StartLost' } },
    });
  });

  it('is not begun with a start that is not its own: it waits until it is given up', () => {
    const changed = aDefinition({ revision: 2 });

    expect(overdue(aRetryingJob(), 1_000, changed)).toEqual({ kind: 'wait' });
    expect(overdue(aRetryingJob(), 3_901, changed)).toMatchObject({ kind: 'give-up' });
  });
});

describe('decideOverdue, of a queued job', () => {
  const start = aStart({ deliverBy: '2026-11-23T10:00:00Z', input: { rows: 7 } });

  it('sends the start that it was queued with', () => {
    expect(overdue(aQueuedJob(start), 299)).toEqual({ kind: 'wait' });
    expect(overdue(aQueuedJob(start), 300)).toEqual({ kind: 'send', start });
  });

  it('of an adopted task is left alone until no run of it can still end', () => {
    const open = aQueuedJob(start, { task: 'greeting' });

    expect(overdue(open, 3_000)).toEqual({ kind: 'wait' });
    expect(overdue(open, 3_600 + 4_560 + 300)).toEqual({ kind: 'wait' });
    expect(overdue(open, 3_600 + 4_560 + 301)).toMatchObject({ kind: 'give-up' });
  });
});
