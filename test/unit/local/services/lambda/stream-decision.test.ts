import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideAfterBatch,
  partExpired,
  type StreamBatch,
  type StreamPolicy,
} from '#local/services/lambda/stream-decision.ts';

const POLICY: StreamPolicy = {
  bisects: false,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: 60,
};

describe('decideAfterBatch', () => {
  it('tries twice at once, then waits a second, doubling to a minute', () => {
    let batch = aBatch(['1']);
    const waits = Array.from({ length: 10 }, () => {
      const decision = decideAfterBatch(batch, { kind: 'failed' }, POLICY);
      if (decision.kind !== 'again') return decision.kind;
      batch = decision.batches[0] ?? batch;
      return decision.waitMs / 1000;
    });

    expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('gives a batch up after its retries', () => {
    const policy = { ...POLICY, maximumRetryAttempts: 1 };
    const first = decideAfterBatch(aBatch(['1', '2']), { kind: 'failed' }, policy);
    const retried = first.kind === 'again' ? first.batches[0] : undefined;

    const second = decideAfterBatch(retried ?? aBatch([]), { kind: 'failed' }, policy);

    expect(second).toMatchObject({ kind: 'given-up', batch: { invocations: 2 } });
  });

  it('goes on from the first failed record, in one batch, and counts the failure', () => {
    const decision = decideAfterBatch(
      aBatch(['1', '2', '3']),
      { kind: 'partly-failed', from: 1 },
      POLICY,
    );

    expect(decision).toMatchObject({
      kind: 'again',
      batches: [{ ...aBatch(['2', '3']), failures: 1, invocations: 1 }],
    });
  });

  it('never counts a throttle as a failure', () => {
    const policy = { ...POLICY, maximumRetryAttempts: 0 };

    expect(decideAfterBatch(aBatch(['1']), { kind: 'throttled' }, policy)).toEqual({
      kind: 'again',
      batches: [{ ...aBatch(['1']), throttles: 1 }],
      waitMs: 1000,
    });
  });

  it('bisecting, reaches every record once and gives up the bad ones alone', () => {
    const policy = { ...POLICY, bisects: true, maximumRetryAttempts: 0 };
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), (isBad) => {
        const numbers = isBad.map((_, index) => String(index));
        const { done, givenUp } = play(aBatch(numbers), policy, (number) => isBad[Number(number)]);

        expect(givenUp).toEqual(numbers.filter((_, index) => isBad[index]));
        expect(done).toEqual(numbers.filter((_, index) => !isBad[index]));
      }),
    );
  });
});

describe('partExpired', () => {
  it('parts the records older than their age from the rest', () => {
    const batch = aBatch(['1', '2', '3'], [0, 10, 20]);

    expect(partExpired(batch, POLICY, 60_000)).toEqual({ expired: undefined, fresh: batch });
    expect(partExpired(batch, POLICY, 60_001)).toEqual({
      expired: { ...aBatch(['1'], [0]), through: '1' },
      fresh: aBatch(['2', '3'], [10, 20]),
    });
    expect(partExpired(batch, POLICY, 90_000)).toEqual({ expired: batch, fresh: undefined });
  });
});

function play(
  batch: StreamBatch,
  policy: StreamPolicy,
  isBad: (number: string) => boolean | undefined,
) {
  const done: string[] = [];
  const givenUp: string[] = [];
  let left: readonly StreamBatch[] = [batch];
  for (let next = left[0]; next; next = left[0]) {
    const numbers = next.records.map((record) => record.dynamodb.SequenceNumber);
    const kind = numbers.some(isBad) ? 'failed' : 'succeeded';
    const decision = decideAfterBatch(next, { kind }, policy);
    if (decision.kind === 'done') done.push(...numbers);
    if (decision.kind === 'given-up') givenUp.push(...numbers);
    left = [...(decision.kind === 'again' ? decision.batches : []), ...left.slice(1)];
  }
  return { done, givenUp };
}

function aBatch(numbers: readonly string[], atSeconds: readonly number[] = []): StreamBatch {
  return {
    records: numbers.map((number, index) => ({
      eventID: number,
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: number, ApproximateCreationDateTime: atSeconds[index] ?? 0 },
    })),
    through: numbers.at(-1) ?? '',
    failures: 0,
    invocations: 0,
    throttles: 0,
  };
}
