import { describe, expect, it } from 'vitest';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { decideFailurePause, type JobEnd } from '#shared/domain/schedule/decide-failure-pause.ts';

/** Ends of `daily-sales`, newest first, a day apart. */
const ends = (...outcomes: readonly Outcome[]): readonly JobEnd[] =>
  outcomes.map((outcome, at) => ({ jobId: `daily-sales@202611${23 - at}T090000Z`, outcome }));

describe('decideFailurePause', () => {
  it('pauses at as many failures in a row as the policy says, and names the last', () => {
    expect(decideFailurePause(ends('error', 'timed-out', 'success'), 2)).toEqual({
      kind: 'pause',
      note: '2 jobs in a row have failed, the last of them daily-sales@20261123T090000Z (error).',
    });
  });

  it('pauses at the first failure where the policy says 1', () => {
    expect(decideFailurePause(ends('missed'), 1)).toEqual({
      kind: 'pause',
      note: 'daily-sales@20261123T090000Z (missed) has failed.',
    });
  });

  it.each(['error', 'timed-out', 'abandoned', 'undelivered', 'missed'] as const)(
    'counts a job that ended %s',
    (outcome) => {
      expect(decideFailurePause(ends(outcome, outcome), 2).kind).toBe('pause');
    },
  );

  it.each(['skipped', 'cancelled'] as const)(
    'neither counts a job that ended %s, nor lets it break the row',
    (outcome) => {
      expect(decideFailurePause(ends('error', outcome, 'error'), 2).kind).toBe('pause');
      expect(decideFailurePause(ends('error', outcome), 2).kind).toBe('look-further');
    },
  );

  it('leaves a schedule whose row a success has broken', () => {
    expect(decideFailurePause(ends('error', 'success', 'error', 'error'), 2)).toEqual({
      kind: 'leave',
    });
  });

  it('leaves a schedule whose newest job has succeeded, however the older one that has just settled ended', () => {
    expect(decideFailurePause(ends('success', 'error', 'error'), 2)).toEqual({ kind: 'leave' });
  });

  it('neither counts jobs that someone asked for, nor lets their success break the row', () => {
    const manual = (outcome: Outcome): JobEnd => ({
      jobId: 'daily-sales@20261123T100000Z~01JDCP2Q0000000000000000AB',
      outcome,
    });

    expect(decideFailurePause([manual('success'), ...ends('error', 'error')], 2).kind).toBe(
      'pause',
    );
    expect(decideFailurePause([manual('error'), ...ends('error')], 2).kind).toBe('look-further');
  });

  it('asks to look further where all failed and there are too few', () => {
    expect(decideFailurePause(ends('error'), 2)).toEqual({ kind: 'look-further' });
    expect(decideFailurePause([], 1)).toEqual({ kind: 'look-further' });
  });
});
