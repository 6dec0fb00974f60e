import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import type { JobStore } from '#shared/ports/job-store.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { runJob } from '#shared/runner/run-job.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryJobStore } from '#test/support/memory-job-store.ts';

const start = aStart({
  policy: {
    resultExpirationTime: 3_600,
    catchUpWindow: 86_400,
    retry: { maxAttempts: 3, delay: 5, factor: 2, maxDelay: 60 },
  },
});

/** Lambda kills an invocation this long after it began. */
const LIMIT_SECONDS = 60;

/** How one invocation goes. */
interface Delivery {
  /** Which start it brings: the first, or the one for a later attempt. */
  readonly attempt: number;
  /** How far its clock is off. */
  readonly skewSeconds: number;
  /** At which of its calls it dies, before or after the call has had its effect; absent: it lives. */
  readonly death?: { readonly call: number; readonly when: 'before' | 'after' };
  readonly isFailing: boolean;
  /** Steps that its function takes. */
  readonly steps: number;
}

const anyDelivery: fc.Arbitrary<Delivery> = fc.record(
  {
    attempt: fc.constantFrom(1, 1, 1, 2),
    skewSeconds: fc.integer({ min: -4, max: 4 }),
    death: fc.record({
      call: fc.integer({ min: 1, max: 5 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
    isFailing: fc.boolean(),
    steps: fc.integer({ min: 0, max: 3 }),
  },
  { requiredKeys: ['attempt', 'skewSeconds', 'isFailing', 'steps'] },
);

/** Near the limit of an invocation, where a lease that is too short would show. */
const anyLeap = fc.oneof(fc.integer({ min: 40, max: 59 }), fc.integer({ min: 1, max: 120 }));

/** A world in which calls of several invocations come in any order, time leaps, and invocations die. */
class Model {
  now = FIRE_TIME;
  readonly jobs = new MemoryJobStore();
  readonly queue: QueuedMessage[] = [];
  /** Starts whose invocation died: the failure destination hands them on. */
  readonly undelivered: Start[] = [];
  /** Invocations that are inside the user's function now, and when each is killed at the latest. */
  readonly running = new Map<string, number>();
  /** Runs that began while another was alive. */
  readonly overlaps: string[] = [];
  deaths = 0;
  runs = 0;
  /** Picks whose turn is next; without one, calls go straight through. */
  scheduler: fc.Scheduler | undefined;
  #invocations = 0;

  takeQueued(): readonly Start[] {
    return this.queue
      .splice(0)
      .flatMap((message) => (message.kind === 'start' ? [message.start] : []));
  }

  async step(what: string): Promise<void> {
    await this.scheduler?.schedule(Promise.resolve(), what);
  }

  /** Runs one invocation; one that dies never ends. */
  invoke(delivery: Delivery, brought: Start): Promise<unknown> {
    this.#invocations += 1;
    const owner = `owner-${this.#invocations}`;
    const killedAt = this.now + LIMIT_SECONDS;
    let calls = 0;
    let isDead = false;
    const done = Promise.withResolvers<unknown>();

    const die = (): Promise<never> => {
      if (!isDead) {
        this.deaths += 1;
        this.undelivered.push(brought);
        this.running.delete(owner);
        done.resolve('died');
      }
      isDead = true;
      return new Promise(() => {});
    };
    const call = async <T>(what: string, effect: () => Promise<T>): Promise<T> => {
      calls += 1;
      const isFatal = (when: 'before' | 'after') =>
        isDead ||
        this.now >= killedAt ||
        (delivery.death?.call === calls && delivery.death.when === when);
      await this.step(`${owner} ${what}`);
      if (isFatal('before')) return die();
      const result = await effect();
      await this.step(`${owner} ${what}, answered`);
      return isFatal('after') ? die() : result;
    };
    const jobs: JobStore = {
      create: (...write) => call('create', () => this.jobs.create(...write)),
      createSettled: (...write) => call('createSettled', () => this.jobs.createSettled(...write)),
      takeOver: (...write) => call('takeOver', () => this.jobs.takeOver(...write)),
      settle: (...write) => call('settle', () => this.jobs.settle(...write)),
      retry: (...write) => call('retry', () => this.jobs.retry(...write)),
    };
    const run = async () => {
      // An invocation that is dead by the clock does not run, though nothing has told the model yet.
      if (this.now >= killedAt) return die();
      for (const [other, diesAt] of this.running)
        if (diesAt > this.now) this.overlaps.push(`${owner} beside ${other}`);
      this.running.set(owner, killedAt);
      this.runs += 1;
      for (let step = 0; step < delivery.steps; step += 1)
        await call('works', () => Promise.resolve());
      this.running.delete(owner);
      if (delivery.isFailing) throw new Error('no');
      return 'done';
    };
    const ports = {
      jobs,
      schedules: { read: () => Promise.resolve({ kind: 'active' } as const) },
      payloads: () => Promise.reject(new Error('Expected no payload.')),
      starts: async () => ({
        send: (message: QueuedMessage) => call('send', async () => void this.queue.push(message)),
      }),
      nowMs: () => (this.now + delivery.skewSeconds) * 1000,
      newOwner: () => owner,
    };
    const invocation = { remainingMs: () => (killedAt - this.now) * 1000 };
    runJob({ start: brought, run }, invocation, ports).then(done.resolve, done.reject);
    return done.promise;
  }
}

/** An invocation that nothing disturbs. */
const CALM: Delivery = { attempt: 1, skewSeconds: 0, isFailing: false, steps: 0 };

/** Delivers, undisturbed, what is still on its way, until nothing is. */
async function converge(model: Model): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    model.now += 200;
    const brought = [...model.undelivered.splice(0), ...model.takeQueued()];
    for (const one of brought) await model.invoke(CALM, one);
    if (brought.length === 0) return;
  }
  throw new Error('Expected the starts on their way to come to an end.');
}

describe('the protocol of a claim', () => {
  it('settles a job once, and runs it once unless an attempt died, whatever is delivered in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.record({
          deliveries: fc.array(anyDelivery, { minLength: 1, maxLength: 5 }),
          leaps: fc.array(anyLeap, { maxLength: 4 }),
          hurries: fc.nat({ max: 3 }),
        }),
        async (scheduler, { deliveries, leaps, hurries }) => {
          const model = new Model();
          model.scheduler = scheduler;
          const invocations = deliveries.map(async (delivery, index) => {
            if (index > 0) await model.step(`delivery ${index}`);
            return model.invoke(delivery, { ...start, attempt: delivery.attempt });
          });
          const time = (async () => {
            for (const seconds of leaps) {
              await model.step(`${seconds} seconds pass`);
              model.now += seconds;
            }
          })();
          const hurry = (async () => {
            for (let index = 0; index < hurries; index += 1) {
              await model.step('the queue delivers');
              for (const one of model.takeQueued()) await model.invoke(CALM, one);
            }
          })();
          await scheduler.waitFor(Promise.all([...invocations, time, hurry]));
          model.scheduler = undefined;
          await converge(model);

          const { writes } = model.jobs;
          const settles = writes.filter((write) => /settle/.test(write));
          expect(settles).toHaveLength(1);
          expect(writes.indexOf(settles[0] ?? '')).toBe(writes.length - 1);
          expect(model.jobs.row(keyOfStart(start))?.state).toBe('settled');
          const retries = writes.filter((write) => write.startsWith('retry')).length;
          expect(model.overlaps).toEqual([]);
          expect(model.runs).toBeLessThanOrEqual(1 + retries + model.deaths);
          const claims = writes.flatMap(
            (write) => /^(?:create|take) (\d+)$/.exec(write)?.[1] ?? [],
          );
          expect(claims.map(Number)).toEqual(
            [...claims.map(Number)].sort((one, other) => one - other),
          );
          expect(new Set(claims).size).toBe(claims.length);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
