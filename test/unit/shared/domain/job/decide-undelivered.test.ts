import { describe, expect, it } from 'vitest';
import { type DeadLetter, decideUndelivered } from '#shared/domain/job/decide-undelivered.ts';
import { aJob, aRunningJob } from '#test/support/a-job.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';

const retry = { maxAttempts: 3, delay: 30, factor: 2, maxDelay: 900 };
const retried = { resultExpirationTime: 0, retry };

function aLetter(changes: Partial<DeadLetter> = {}): DeadLetter {
  return {
    start: aStart(),
    kind: 'crashed',
    code: 'Runtime.ExitError',
    message: 'The runtime exited.',
    isPermanent: false,
    ...changes,
  };
}

const notDelivered = (changes: Partial<DeadLetter> = {}) =>
  aLetter({ kind: 'not-delivered', ...changes });
const at = (seconds: number) => FIRE_TIME + seconds;
const isWithin = (from: number, to: number) => (value: number) => value >= from && value <= to;

describe('decideUndelivered, of a job without a row', () => {
  it.each([
    [5, 15],
    [100, 50],
    [2_000, 900],
  ])('%i s late starts it again after %i s', (late, wait) => {
    expect(decideUndelivered(notDelivered(), undefined, at(late))).toEqual({
      kind: 'start-again',
      notBefore: at(late + wait),
    });
  });

  it('gives it up where another start would come after deliverBy', () => {
    expect(decideUndelivered(aLetter(), undefined, at(3_000)).kind).toBe('give-up');
  });

  it('gives it up at once where trying again would meet the same refusal', () => {
    const letter = notDelivered({ isPermanent: true });

    expect(decideUndelivered(letter, undefined, at(5)).kind).toBe('give-up');
  });

  it('leaves it where the row may have come and gone', () => {
    const gone = 3_600 + 960 - 60;

    expect(decideUndelivered(aLetter(), undefined, at(gone - 1)).kind).toBe('give-up');
    expect(decideUndelivered(aLetter(), undefined, at(gone)).kind).toBe('done');
  });
});

describe('decideUndelivered, of a job that waits', () => {
  const waiting = aRunningJob({ state: 'retrying' });

  it('starts the attempt again that it waits for', () => {
    const letter = notDelivered({ start: aStart({ attempt: 2 }) });

    expect(decideUndelivered(letter, waiting, at(60)).kind).toBe('start-again');
    expect(decideUndelivered(letter, waiting, at(3_590)).kind).toBe('give-up');
  });

  it('leaves it where its own start is still to come', () => {
    expect(decideUndelivered(aLetter(), waiting, at(60)).kind).toBe('done');
  });

  it('starts a queued job again', () => {
    const queued = aRunningJob({ state: 'queued', attempt: 0 });

    expect(decideUndelivered(notDelivered(), queued, at(60)).kind).toBe('start-again');
  });
});

describe('decideUndelivered, of a running job', () => {
  it('leaves it where the letter is of a start that never reached it', () => {
    expect(decideUndelivered(notDelivered(), aRunningJob(), at(60)).kind).toBe('done');
  });

  it('looks again once the lease has ended, which alone proves death', () => {
    expect(decideUndelivered(aLetter(), aRunningJob(), at(129))).toEqual({
      kind: 'look-again',
      notBefore: at(130),
    });
  });

  it('abandons it where the policy has no other attempt', () => {
    expect(decideUndelivered(aLetter(), aRunningJob(), at(130))).toEqual({
      kind: 'abandon',
      from: { state: 'running', attempt: 1, owner: 'owner-1' },
    });
  });

  it('retries it by the policy', () => {
    const letter = aLetter({ start: aStart({ policy: retried }) });

    const decision = decideUndelivered(letter, aRunningJob(), at(130));

    expect(decision).toEqual({
      kind: 'retry',
      from: { state: 'running', attempt: 1, owner: 'owner-1' },
      notBefore: expect.any(Number),
    });
    expect(decision).toHaveProperty('notBefore', expect.toSatisfy(isWithin(at(130), at(160))));
  });

  it('watches an attempt that the crashed start had taken over from a dead one', () => {
    const letter = aLetter({ start: aStart({ policy: retried }) });
    const second = aRunningJob({ attempt: 2 });

    expect(decideUndelivered(letter, second, at(60)).kind).toBe('look-again');
    expect(decideUndelivered(letter, second, at(130))).toMatchObject({
      kind: 'retry',
      from: { attempt: 2 },
    });
  });
});

describe('decideUndelivered, of a settled job', () => {
  it.each(['crashed', 'not-delivered'] as const)('has nothing to do for one %s', (kind) => {
    expect(decideUndelivered(aLetter({ kind }), aJob(), at(60)).kind).toBe('done');
  });
});
