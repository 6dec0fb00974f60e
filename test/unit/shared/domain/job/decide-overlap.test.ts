import { describe, expect, it } from 'vitest';
import { decideBuffer, decideOverlap, type Meeting } from '#shared/domain/job/decide-overlap.ts';
import { OVERLAPS, type Overlap } from '#shared/domain/job/overlap.ts';
import type { JobStanding } from '#shared/domain/job/settlement.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const LEASE_UNTIL = FIRE_TIME + 100;
const SETTLED: JobStanding = { state: 'settled', attempt: 1, owner: 'other', outcome: 'success' };
const RUNNING: JobStanding = { state: 'running', attempt: 1, owner: 'other' };
const RETRYING: JobStanding = { state: 'retrying', attempt: 1, owner: 'other' };
const QUEUED: JobStanding = { state: 'queued', attempt: 0 };

/** The job of ten o'clock meets that of nine. */
function aMeeting(overlap: Overlap, changes: Partial<Meeting> = {}): Meeting {
  return {
    overlap,
    key: { scheduleId: 'daily-sales', fireTime: '2026-11-23T10:00:00Z' },
    attempt: 1,
    holder: { holder: 'daily-sales@20261123T090000Z', leaseUntil: LEASE_UNTIL },
    standing: RUNNING,
    now: FIRE_TIME,
    ...changes,
  };
}

/** The job of eight o'clock, whose start has come late. */
const LATE = { key: { scheduleId: 'daily-sales', fireTime: '2026-11-23T08:00:00Z' } };

describe('decideOverlap', () => {
  const BOUNDED = OVERLAPS.filter((overlap) => overlap !== 'allow-all');

  it.each(BOUNDED)('takes the slot of a job that has settled, under %s', (overlap) => {
    expect(decideOverlap(aMeeting(overlap, { standing: SETTLED }))).toBe('take');
  });

  it.each(BOUNDED)(
    'takes the slot of a job that never came for it, once its lease and 10 s are over, under %s',
    (overlap) => {
      const over = { now: LEASE_UNTIL + 10 };

      expect(decideOverlap(aMeeting(overlap, { standing: undefined, ...over }))).toBe('take');
      expect(decideOverlap(aMeeting(overlap, { standing: QUEUED, ...over }))).toBe('take');
    },
  );

  it('leaves a job its slot while it runs or is to be tried again, however long ago its lease ended', () => {
    const over = { now: LEASE_UNTIL + 100_000 };

    expect(decideOverlap(aMeeting('skip', { standing: RUNNING, ...over }))).toBe('skip');
    expect(decideOverlap(aMeeting('buffer-all', { standing: RETRYING, ...over }))).toBe('wait');
  });

  it.each([
    ['skip', ['skip', 'skip', 'skip', 'skip']],
    ['buffer-one', ['wait', 'wait', 'wait', 'wait']],
    ['buffer-all', ['wait', 'wait', 'wait', 'wait']],
    ['cancel-other', ['cancel', 'settle-holder', 'settle-holder', 'wait']],
    ['terminate-other', ['settle-holder', 'settle-holder', 'settle-holder', 'wait']],
  ] as const)(
    'under %s decides beside a running, a retrying, a queued job and one without a row: %j',
    (overlap, decisions) => {
      const decide = (standing: JobStanding | undefined) =>
        decideOverlap(aMeeting(overlap, { standing }));

      expect([RUNNING, RETRYING, QUEUED, undefined].map(decide)).toEqual(decisions);
    },
  );

  it('has no older job end a newer one', () => {
    expect(decideOverlap(aMeeting('cancel-other', LATE))).toBe('skip');
    expect(decideOverlap(aMeeting('terminate-other', LATE))).toBe('skip');
  });

  it('takes the job that comes for the later one of two within a second, whatever their names', () => {
    const key = {
      scheduleId: 'daily-sales',
      fireTime: '2026-11-23T09:00:00Z~00KASX0000ABCDEFGHJKMNPQRS',
    };
    const holder = {
      holder: 'daily-sales@20261123T090000Z~01KASX0000ABCDEFGHJKMNPQRS',
      leaseUntil: LEASE_UNTIL,
    };

    expect(decideOverlap(aMeeting('cancel-other', { key, holder }))).toBe('cancel');
  });

  it.each(BOUNDED)(
    'never leaves out a later attempt, nor has it end another job, under %s',
    (overlap) => {
      expect(decideOverlap(aMeeting(overlap, { attempt: 2 }))).toBe('wait');
    },
  );
});

describe('decideBuffer', () => {
  it.each([
    ['running', RUNNING],
    ['retrying', RETRYING],
    ['settled', SETTLED],
  ] as const)('takes the place of a job that has waited and is now %s', (_, standing) => {
    expect(decideBuffer(aMeeting('buffer-one', { standing }))).toBe('take');
  });

  it('takes the place of a job that never made a row, once its lease is over', () => {
    const meeting = aMeeting('buffer-one', { standing: undefined, now: LEASE_UNTIL + 10 });

    expect(decideBuffer(meeting)).toBe('take');
  });

  it('lets the first wait under buffer-one, however long', () => {
    const late = { standing: QUEUED, now: LEASE_UNTIL + 100_000 };

    expect(decideBuffer(aMeeting('buffer-one', late))).toBe('skip');
    expect(decideBuffer(aMeeting('buffer-one', { standing: undefined }))).toBe('skip');
  });

  it('lets the newest wait under the policies by which a later job ends others', () => {
    expect(decideBuffer(aMeeting('cancel-other', { standing: QUEUED }))).toBe('settle-holder');
    expect(decideBuffer(aMeeting('terminate-other', { standing: QUEUED }))).toBe('settle-holder');
    expect(decideBuffer(aMeeting('cancel-other', { standing: QUEUED, ...LATE }))).toBe('skip');
  });
});
