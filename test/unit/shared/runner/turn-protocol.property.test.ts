import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { OVERLAPS, type Overlap } from '#shared/domain/job/overlap.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { type Behaviour, JobModel, type JobModel as World } from '#test/support/job-model.ts';

/** Jobs fire closer together than an invocation may take, so that one is due while another runs. */
const APART_SECONDS = 20;

/** How the jobs of a play are bound. */
interface Bounds {
  readonly overlap: Overlap;
  readonly maxRunningJobs: number | undefined;
  readonly isRetried: boolean;
}

/** What a play has done so far, and what it goes by. */
interface Expected {
  readonly bounds: Bounds;
  /** Starts that have arrived, by their jobs' ids. */
  readonly fired: Map<string, Start>;
  readonly invocations: Promise<void>[];
}

type Command = fc.AsyncCommand<Expected, World>;

/** A job's start arrives: the first time, or once more. */
function arrives(job: { readonly schedule: number; readonly nth: number }): Command {
  return {
    check: () => true,
    run: async (expected, world) => {
      const start = startOf(job, expected.bounds);
      // No start comes before its time.
      world.now = Math.max(world.now, FIRE_TIME + job.nth * APART_SECONDS);
      expected.fired.set(jobId(keyOfStart(start)), start);
      expected.invocations.push(world.invoke(start));
    },
    toString: () => `start of job ${job.nth} of schedule ${job.schedule}`,
  };
}

function passes(seconds: number): Command {
  return {
    check: () => true,
    run: async (_, world) => {
      world.now += seconds;
    },
    toString: () => `${seconds} seconds`,
  };
}

function delivers(isTwice: boolean): Command {
  return {
    check: () => true,
    run: async (expected, world) => {
      expected.invocations.push(world.deliver(isTwice));
    },
    toString: () => `the queues deliver${isTwice ? ', and will again' : ''}`,
  };
}

function startOf(
  { schedule, nth }: { readonly schedule: number; readonly nth: number },
  { overlap, isRetried }: Bounds,
): Start {
  const retry = { maxAttempts: 3, delay: 30, factor: 1, maxDelay: 30 };
  return aStart({
    scheduleId: `schedule-${schedule}`,
    fireTime: toIso(FIRE_TIME + nth * APART_SECONDS),
    policy: {
      resultExpirationTime: 3_600,
      catchUpWindow: 86_400,
      overlap,
      ...(isRetried && { retry }),
    },
  });
}

const anyBehaviour: fc.Arbitrary<Behaviour> = fc.record(
  {
    skewSeconds: fc.integer({ min: -4, max: 4 }),
    death: fc.record({
      call: fc.integer({ min: 1, max: 9 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
    end: fc.constantFrom('success', 'success', 'error', 'permanent'),
    steps: fc.integer({ min: 0, max: 4 }),
    isThrottled: fc.constantFrom(false, false, false, true),
  },
  { requiredKeys: ['skewSeconds', 'end', 'steps', 'isThrottled'] },
);

/** Of one schedule; with a bound on the task, of two. */
const anyCommands = (schedules: number) =>
  fc.commands(
    [
      fc
        .record({
          schedule: fc.integer({ min: 1, max: schedules }),
          nth: fc.integer({ min: 0, max: 3 }),
        })
        .map(arrives),
      fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constantFrom(100, 300, 900)).map(passes),
      fc.boolean().map(delivers),
    ],
    { maxCommands: 16 },
  );

async function played(
  scheduler: fc.Scheduler,
  commands: Iterable<Command>,
  { bounds, behaviours }: { readonly bounds: Bounds; readonly behaviours: readonly Behaviour[] },
): Promise<{ readonly world: World; readonly fired: readonly Start[] }> {
  const world = new JobModel(behaviours, bounds.maxRunningJobs);
  const expected: Expected = { bounds, fired: new Map(), invocations: [] };
  world.scheduler = scheduler;
  await fc.scheduledModelRun(scheduler, () => ({ model: expected, real: world }), commands);
  await scheduler.waitFor(Promise.all(expected.invocations));
  await world.converge();
  return { world, fired: [...expected.fired.values()] };
}

/** Jobs that are not settled, once, as the last that is written of them. */
function unsettled({ jobs }: World, fired: readonly Start[]): readonly string[] {
  return fired.flatMap((start) => {
    const key = keyOfStart(start);
    const row = jobs.row(key);
    return row?.state === 'settled' ? [] : [`${jobId(key)} is ${row?.state ?? 'not there'}`];
  });
}

/** Slots whose holder has not settled, and is no attempt either. */
function heldSlots({ slots, jobs }: World): readonly string[] {
  const settled = [...jobs.rows].flatMap(([name, { state }]) => (state === 'settled' ? name : []));
  return [...slots.rows.values()].flatMap(({ holder }) =>
    settled.some((name) => holder.startsWith(idOf(name))) ? [] : [holder],
  );
}

function idOf(name: string): string {
  const [scheduleId = '', fireTime = ''] = name.split('@');
  return jobId({ scheduleId, fireTime });
}

/** A play of jobs that are bound in a given way. */
const anyPlay = (bounds: Omit<Bounds, 'isRetried'>) =>
  fc.record({
    bounds: fc.record({
      overlap: fc.constant(bounds.overlap),
      maxRunningJobs: fc.constant(bounds.maxRunningJobs),
      isRetried: fc.boolean(),
    }),
    behaviours: fc.array(anyBehaviour, { maxLength: 10 }),
  });

/** Ends of jobs that were not run, with what they say. */
function unrun({ jobs }: World, outcome: Outcome): readonly string[] {
  return [...jobs.rows.values()].flatMap((row) =>
    row.outcome === outcome ? [row.settlement?.error?.message ?? ''] : [],
  );
}

/** Neither bounds what runs beside another: `terminate-other` cannot stop a function, only take its job. */
const RUN_BESIDE: readonly Overlap[] = ['allow-all', 'terminate-other'];

/** One waits at the most, the others are left out or settled. */
const BUFFER_ONE: readonly Overlap[] = ['buffer-one', 'cancel-other', 'terminate-other'];

describe.each(OVERLAPS)('the jobs of a schedule under %s', (overlap) => {
  it('each settle once and for good, run one at a time, and none waits for ever', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        anyCommands(1),
        anyPlay({ overlap, maxRunningJobs: undefined }),
        async (scheduler, commands, play) => {
          const { world, fired } = await played(scheduler, commands, play);

          expect(unsettled(world, fired)).toEqual([]);
          expect(world.jobs.lateWrites).toEqual([]);
          expect(world.overlaps).toEqual([]);
          expect(heldSlots(world)).toEqual([]);
          if (!RUN_BESIDE.includes(overlap)) expect(world.besides).toEqual([]);
          if (BUFFER_ONE.includes(overlap)) expect(world.mostQueued).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('are left out only where another is in their way, which is named, and never all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        anyCommands(1),
        anyPlay({ overlap, maxRunningJobs: undefined }),
        async (scheduler, commands, play) => {
          const { world, fired } = await played(scheduler, commands, play);

          const skipped = unrun(world, 'skipped');
          const ids = fired.map((start) => jobId(keyOfStart(start)));
          for (const message of skipped)
            expect(ids.some((id) => message.includes(id)) || /others/.test(message)).toBe(true);
          if (overlap === 'allow-all' || overlap === 'buffer-all') expect(skipped).toEqual([]);
          if (fired.length > 0) expect(skipped.length).toBeLessThan(fired.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** An attempt that dies leaves its timers behind, which would go off among the tests that come after. */
beforeAll(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterAll(() => {
  vi.useRealTimers();
});

describe('the jobs of a task that bounds them', () => {
  it.each([1, 2])(
    'run %i at once at the most, of whatever schedules, and each settles',
    async (maxRunningJobs) => {
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          anyCommands(3),
          fc
            .constantFrom('allow-all' as const, 'buffer-all' as const)
            .chain((overlap) => anyPlay({ overlap, maxRunningJobs })),
          async (scheduler, commands, play) => {
            const { world, fired } = await played(scheduler, commands, play);

            expect(unsettled(world, fired)).toEqual([]);
            expect(world.jobs.lateWrites).toEqual([]);
            expect(world.mostRunning).toBeLessThanOrEqual(maxRunningJobs);
            expect(unrun(world, 'skipped')).toEqual([]);
          },
        ),
        { numRuns: 400 },
      );
    },
  );
});

describe('the plays of turns', () => {
  it('reach what they are about: waiting, being left out, cancelled, fenced off, and coming to one’s turn', async () => {
    const seen = new Set<string>();
    for (const overlap of OVERLAPS)
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          anyCommands(1),
          anyPlay({ overlap, maxRunningJobs: undefined }),
          async (scheduler, commands, play) => {
            const { world } = await played(scheduler, commands, play);
            for (const { end } of world.ends) seen.add(`${overlap} ${end.kind}`);
            for (const { outcome } of world.jobs.rows.values()) seen.add(`${overlap} ${outcome}`);
            if (world.besides.length > 0) seen.add(`${overlap} beside another`);
          },
        ),
        { numRuns: 300, seed: 1 },
      );

    expect([...seen]).toEqual(
      expect.arrayContaining([
        'allow-all beside another',
        'skip unrun',
        'skip skipped',
        'buffer-one waiting',
        'buffer-one skipped',
        'buffer-all waiting',
        'buffer-all retrying',
        'cancel-other cancelled',
        'cancel-other waiting',
        'terminate-other cancelled',
        'terminate-other fenced-off',
      ]),
    );
  });
});
