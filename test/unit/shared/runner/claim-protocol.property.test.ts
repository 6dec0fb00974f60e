import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RETRIED_OUTCOMES } from '#shared/domain/job/policy.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { aStart } from '#test/support/a-start.ts';
import { type Behaviour, JobModel } from '#test/support/job-model.ts';

const anyBehaviour: fc.Arbitrary<Behaviour> = fc.record(
  {
    skewSeconds: fc.integer({ min: -4, max: 4 }),
    death: fc.record({
      call: fc.integer({ min: 1, max: 5 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
    end: fc.constantFrom('success', 'error', 'error', 'permanent', 'retry-after'),
    steps: fc.integer({ min: 0, max: 3 }),
    isThrottled: fc.constantFrom(false, false, true),
  },
  { requiredKeys: ['skewSeconds', 'end', 'steps', 'isThrottled'] },
);

const anyRetry = fc.record(
  {
    maxAttempts: fc.integer({ min: 1, max: 4 }),
    // Forty minutes take three hops through a queue that delays by fifteen.
    delay: fc.constantFrom(0, 5, 2_400),
    factor: fc.constant(2),
    maxDelay: fc.constantFrom(60, 2_400),
    on: fc.uniqueArray(fc.constantFrom(...RETRIED_OUTCOMES), { minLength: 1 }),
  },
  { requiredKeys: ['maxAttempts', 'delay', 'factor', 'maxDelay'] },
);

/** Near the limit of an invocation, where a lease that is too short would show; and beyond any lease. */
const anyLeap = fc.oneof(
  fc.integer({ min: 40, max: 59 }),
  fc.integer({ min: 1, max: 120 }),
  fc.constantFrom(900, 2_400),
);

const anyPlay = fc.record({
  retry: fc.option(anyRetry, { nil: undefined }),
  behaviours: fc.array(anyBehaviour, { minLength: 1, maxLength: 6 }),
  starts: fc.integer({ min: 1, max: 4 }),
  leaps: fc.array(anyLeap, { maxLength: 5 }),
  deliveries: fc.array(fc.record({ isTwice: fc.boolean() }), { maxLength: 5 }),
});

type Play = typeof anyPlay extends fc.Arbitrary<infer T> ? T : never;

function startOf({ retry }: Play): Start {
  return aStart({
    policy: { resultExpirationTime: 3_600, catchUpWindow: 86_400, ...(retry && { retry }) },
  });
}

/** Plays starts, deliveries and leaps of time against each other in an order that the scheduler picks. */
async function played(scheduler: fc.Scheduler, play: Play): Promise<JobModel> {
  const model = new JobModel(play.behaviours);
  model.scheduler = scheduler;
  const starts = Array.from({ length: play.starts }, async (_, index) => {
    if (index > 0) await model.step(`start ${index}`);
    return model.invoke(startOf(play));
  });
  const time = (async () => {
    for (const seconds of play.leaps) {
      await model.step(`${seconds} seconds pass`);
      model.now += seconds;
    }
  })();
  const deliveries = (async () => {
    for (const { isTwice } of play.deliveries) {
      await model.step('the queues deliver');
      await model.deliver(isTwice);
    }
  })();
  await scheduler.waitFor(Promise.all([...starts, time, deliveries]));
  await model.converge();
  return model;
}

function claimsOf({ jobs }: JobModel): readonly number[] {
  return jobs.writes.flatMap((write) =>
    (/^(?:create|take) (\d+)$/.exec(write)?.slice(1) ?? []).map(Number),
  );
}

/** An attempt that dies leaves its timers behind, which would go off among the tests that come after. */
beforeAll(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterAll(() => {
  vi.useRealTimers();
});

describe('the protocol of a claim', () => {
  it('settles a job once, and runs it once unless an attempt failed or died, whatever is delivered in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), anyPlay, async (scheduler, play) => {
        const model = await played(scheduler, play);

        const { writes } = model.jobs;
        const settles = writes.filter((write) => /settle/.test(write));
        expect(settles).toHaveLength(1);
        expect(writes.indexOf(settles[0] ?? '')).toBe(writes.length - 1);
        expect(model.jobs.row(keyOfStart(startOf(play)))?.state).toBe('settled');
        expect(model.overlaps).toEqual([]);
        // Lambda has killed whoever loses its job: its lease outlasts it.
        expect(model.ends.filter(({ end }) => end.kind === 'fenced-off')).toEqual([]);
        const claims = claimsOf(model);
        expect(claims).toEqual(claims.map((_, index) => index + 1));
        expect(claims.length).toBeLessThanOrEqual(play.retry?.maxAttempts ?? 1);
        expect(model.runs).toBeLessThanOrEqual(claims.length);
      }),
      { numRuns: 1_500 },
    );
  });

  it('retries what the policy and the task allow, and loses no end that waits in the bucket', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), anyPlay, async (scheduler, play) => {
        const model = await played(scheduler, play);

        expect(wrongRetries(model, play)).toEqual([]);
        const { outcome, attempts = [] } = model.jobs.row(keyOfStart(startOf(play))) ?? {};
        const left = model.leftBehind.map(outcomeIn);
        expect(left.length === 0 || left.includes(outcome)).toBe(true);
        const claims = claimsOf(model);
        expect(attempts.map(({ attempt }) => attempt)).toEqual(claims.length > 1 ? claims : []);
      }),
      { numRuns: 1_500 },
    );
  });

  it('reaches what it is about: hops, take-overs of the dead, retries of the abandoned, ends from the bucket', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), anyPlay, async (scheduler, play) => {
        const model = await played(scheduler, play);

        if (model.hops > 0) seen.add('hop');
        if (model.jobs.writes.some((write, at, all) => isTakeOverOfRunning(write, all[at - 1])))
          seen.add('take-over of a dead attempt');
        for (const end of model.letterEnds) seen.add(`letter ${end}`);
        for (const { behaviour, end } of model.ends) seen.add(`${behaviour.end} ${end.kind}`);
      }),
      { numRuns: 1_500, seed: 1 },
    );

    expect([...seen]).toEqual(
      expect.arrayContaining([
        'hop',
        'take-over of a dead attempt',
        'letter completed',
        'letter started-again',
        'letter waiting',
        'letter retrying',
        'letter abandoned',
        'error retrying',
        'retry-after retrying',
        'permanent settled',
      ]),
    );
  });
});

/** Retries that the policy does not allow, or that the task has ruled out. */
function wrongRetries({ ends, letterEnds }: JobModel, { retry }: Play): readonly unknown[] {
  const on: readonly string[] = retry?.on ?? RETRIED_OUTCOMES;
  return [
    ...ends.filter(
      ({ behaviour, end }) =>
        end.kind === 'retrying' && (behaviour.end === 'permanent' || !on.includes('error')),
    ),
    ...letterEnds.filter((end) => end === 'retrying' && !on.includes('abandoned')),
  ];
}

function isTakeOverOfRunning(write: string, before: string | undefined): boolean {
  return write.startsWith('take') && /^(?:create|take)/.test(before ?? '');
}

function outcomeIn(text: string): unknown {
  return Object(JSON.parse(text)).settlement.outcome;
}
