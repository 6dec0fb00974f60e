import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import {
  comparableSequence,
  countChanges,
  type JobChange,
  NO_USAGE,
  storedNow,
  type Usage,
} from '#shared/domain/usage/usage.ts';

const anySettle = fc.record({
  outcome: fc.constantFrom(...OUTCOMES),
  finishedAt: fc.integer({ min: 10, max: 59 }).map((second) => `2026-11-23T09:00:${second}Z`),
  writeUnits: fc.integer({ min: 1, max: 5 }),
  stored: fc.option(
    fc.record({
      tier: fc.constantFrom('inline' as const, 's3' as const),
      bytes: fc.integer({ min: 1, max: 9_000 }),
    }),
  ),
  isRemoved: fc.boolean(),
});

/** A schedule's changes in the stream's order: settles, and removals of some of the settled jobs after them. */
const anyHistory = fc.array(anySettle, { minLength: 1, maxLength: 12 }).map((settles) => {
  const changes = settles.map(
    ({ isRemoved: _, stored, ...settle }, at): JobChange & { at: number } => ({
      kind: 'settled',
      sequence: '',
      jobId: `job-${at}`,
      ...settle,
      ...(stored && { stored }),
      at: at * 2,
    }),
  );
  const removals = changes
    .filter((_, at) => settles[at]?.isRemoved)
    .map((change): JobChange & { at: number } => ({
      ...change,
      kind: 'removed',
      at: change.at + 7,
    }));
  return [...changes, ...removals]
    .toSorted((one, other) => one.at - other.at)
    .map(
      ({ at: _, ...change }, index): JobChange => ({
        ...change,
        // From nine digits to ten: order of text alone would be wrong.
        sequence: comparableSequence(String(999_999_995 + index)),
      }),
    );
});

/** Deliveries that together bring every change, in the stream's order, with batches repeated, split and overlapping. */
const anyDeliveries = anyHistory.chain((history) =>
  fc.record({
    history: fc.constant(history),
    deliveries: fc
      .array(fc.tuple(fc.nat({ max: history.length }), fc.nat({ max: 5 })), { maxLength: 8 })
      .map((cuts) => {
        const batches: (readonly JobChange[])[] = [];
        let reached = 0;
        for (const [length, back] of cuts) {
          const from = Math.max(0, reached - back);
          batches.push(history.slice(from, from + length));
          reached = Math.max(reached, from + length);
        }
        return [...batches, history.slice(Math.max(0, reached - 2))];
      }),
  }),
);

describe('countChanges', () => {
  it('is exact under batches that are repeated, split and overlapping', () => {
    fc.assert(
      fc.property(anyDeliveries, ({ history, deliveries }) => {
        const counted = deliveries.reduce<Usage>(countChanges, NO_USAGE);

        expect(counted.jobs).toEqual(jobsIn(history));
        expect(storedNow(counted)).toEqual(stockOf(history));
        expect(counted.writeUnits).toBe(
          settlesIn(history).reduce((sum, { writeUnits }) => sum + writeUnits, 0),
        );
        expect(counted.lastJob?.finishedAt).toBe(latest(settlesIn(history)));
        expect(counted.lastSuccess?.finishedAt).toBe(
          latest(settlesIn(history).filter(({ outcome }) => outcome === 'success')),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same object back where there is nothing new', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const counted = countChanges(NO_USAGE, history);

        expect(countChanges(counted, history)).toBe(counted);
      }),
    );
  });
});

describe('comparableSequence', () => {
  it('orders texts as numbers', () => {
    const anyNumber = fc.bigInt({ min: 0n, max: 10n ** 40n - 1n });

    fc.assert(
      fc.property(anyNumber, anyNumber, (one, other) => {
        const isLess = comparableSequence(String(one)) < comparableSequence(String(other));

        expect(isLess).toBe(one < other);
      }),
    );
  });
});

function settlesIn(history: readonly JobChange[]): readonly JobChange[] {
  return history.filter(({ kind }) => kind === 'settled');
}

function jobsIn(history: readonly JobChange[]): Record<string, number> {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0]));
  for (const { outcome } of settlesIn(history)) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** What is stored at the end: of the settled jobs, those that were not removed. */
function stockOf(history: readonly JobChange[]) {
  const removed = new Set(
    history.filter(({ kind }) => kind === 'removed').map(({ jobId }) => jobId),
  );
  const kept = settlesIn(history).filter(({ jobId }) => !removed.has(jobId));
  const tier = (name: 'inline' | 's3') => {
    const stored = kept.flatMap((job) => (job.stored?.tier === name ? [job.stored.bytes] : []));
    return { count: stored.length, bytes: stored.reduce((sum, bytes) => sum + bytes, 0) };
  };
  return { inline: tier('inline'), s3: tier('s3') };
}

function latest(jobs: readonly JobChange[]): string | undefined {
  return jobs
    .map(({ finishedAt }) => finishedAt)
    .toSorted()
    .at(-1);
}
