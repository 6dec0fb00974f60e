import { describe, expect, it } from 'vitest';
import { decideClaim } from '#shared/domain/job/decide-claim.ts';

const NOW = 1_000_000;
const claimant = { owner: 'me', attempt: 1, now: NOW };

describe('decideClaim', () => {
  it('never claims a settled row', () => {
    const row = { state: 'settled', attempt: 1, owner: 'me', outcome: 'success' } as const;

    expect(decideClaim(row, claimant)).toEqual({ kind: 'settled' });
  });

  it('has won a running row of its own: the first try of the client went through', () => {
    const row = { state: 'running', attempt: 2, owner: 'me', leaseUntil: 0 } as const;

    expect(decideClaim(row, claimant)).toEqual({ kind: 'won', attempt: 2 });
  });

  it('leaves a running row alone until ten seconds after its lease', () => {
    const row = { state: 'running', attempt: 1, owner: 'other', leaseUntil: NOW - 9 } as const;

    expect(decideClaim(row, claimant)).toEqual({ kind: 'held', attempt: 1, until: NOW + 1 });
  });

  it('takes over a dead attempt by the start of the one after it', () => {
    const row = { state: 'running', attempt: 1, owner: 'other', leaseUntil: NOW - 10 } as const;

    expect(decideClaim(row, { ...claimant, attempt: 2 })).toEqual({
      kind: 'take-over',
      attempt: 2,
      from: { state: 'running', attempt: 1, owner: 'other' },
    });
  });

  it.each([1, 2, 4])(
    'leaves a dead attempt 2 to those who know its policy where the start names attempt %i',
    (attempt) => {
      const row = { state: 'running', attempt: 2, owner: 'other', leaseUntil: NOW - 10 } as const;

      expect(decideClaim(row, { ...claimant, attempt })).toEqual({
        kind: 'held',
        attempt: 2,
        until: NOW,
      });
    },
  );

  it('takes a queued job at its first attempt', () => {
    expect(decideClaim({ state: 'queued', attempt: 0 }, claimant)).toEqual({
      kind: 'take-over',
      attempt: 1,
      from: { state: 'queued', attempt: 0 },
    });
  });

  it('takes a job that waits for a retry only by the start of that retry', () => {
    const row = { state: 'retrying', attempt: 2, owner: 'other' } as const;

    expect(decideClaim(row, { ...claimant, attempt: 3 })).toMatchObject({
      kind: 'take-over',
      attempt: 3,
    });
    expect(decideClaim(row, { ...claimant, attempt: 2 })).toEqual({ kind: 'superseded' });
    expect(decideClaim(row, { ...claimant, attempt: 4 })).toEqual({ kind: 'superseded' });
  });
});
