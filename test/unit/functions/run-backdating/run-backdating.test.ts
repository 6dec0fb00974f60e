import { isDeepStrictEqual } from 'node:util';
import { encodeTime } from 'ulid';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type RunBackdatingPorts,
  runBackdating,
} from '#functions/run-backdating/run-backdating.ts';
import type { Backdating } from '#shared/domain/backdating/backdating.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { ErrandMessage } from '#shared/domain/errand/errand.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { jobId, jobKeyOf } from '#shared/domain/job/job-key.ts';
import { timesOf } from '#shared/domain/job/times-of.ts';
import type { ErrandStepped } from '#shared/use-cases/take-errand-step.ts';
import { aBackdating } from '#test/support/a-backdating.ts';
import { aJob, aRunningJob } from '#test/support/a-job.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { backdatedInMemory } from '#test/support/backdated-in-memory.ts';
import { MemoryErrandStore } from '#test/support/memory-errand-store.ts';

const DAY = 86_400;
const MESSAGE: ErrandMessage = {
  kind: 'backdating',
  scheduleId: 'daily-sales',
  errandId: aBackdating().errandId,
  version: 1,
  mark: 'first',
};
const SHARED = `results/1d/=daily-sales/${'a'.repeat(64)}`;

/** A table, a bucket and a queue; anything may fail. */
class World {
  nowSeconds = FIRE_TIME + 60;
  readonly backdatings = new MemoryErrandStore<Backdating>();
  readonly jobs = new Map<string, Job>();
  readonly copied: string[] = [];
  readonly messages: (ErrandMessage & { readonly notBefore: number })[] = [];
  /** How often each job was written. */
  readonly writes = new Map<string, number>();
  /** Happens before anything that a step does; it may throw. */
  beforeCall: (operation: 'change' | 'copy' | 'send', job?: Job) => void = () => {};
  isObjectThere = true;
  #marks = 0;

  readonly ports: RunBackdatingPorts = {
    now: () => this.nowSeconds,
    newMark: () => {
      this.#marks += 1;
      return `mark ${this.#marks}`;
    },
    newName: () => `copy-${this.copied.length}`,
    errands: this.backdatings,
    jobs: {
      page: async (place) => backdatedInMemory([...this.jobs.values()], place),
      get: async (key) => this.jobs.get(jobId(key)),
    },
    jobRetention: {
      change: async (seen, { expiry, ownExpiry, keep, payload }) => {
        this.beforeCall('change', seen);
        if (!isDeepStrictEqual(this.jobs.get(seen.id), seen)) return false;
        this.writes.set(seen.id, (this.writes.get(seen.id) ?? 0) + 1);
        const { ownExpiry: _o, resultExpiresAt: _r, keep: _k, heldBy: _h, ...rest } = seen;
        this.put({
          ...rest,
          ...timesOf(seen, expiry, this.nowSeconds),
          retentionRule: expiry.rule,
          ...(ownExpiry && { ownExpiry }),
          ...(keep && { keep, heldBy: seen.key.scheduleId }),
          ...(payload && { content: { kind: 'payload', payload } }),
        });
        return true;
      },
    },
    payloadCopies: {
      copy: async (_, to) => {
        this.beforeCall('copy');
        this.copied.push(to);
        return this.isObjectThere;
      },
    },
    queue: {
      send: async (message) => {
        this.beforeCall('send');
        if (message.kind === 'backdating') this.messages.push(message);
      },
    },
  };

  put(job: Job): void {
    this.jobs.set(job.id, job);
  }

  take(message: ErrandMessage = MESSAGE): Promise<ErrandStepped> {
    return runBackdating(message, this.ports);
  }

  /** Takes messages until there are none; one that fails comes again, as from the dead letters. */
  async drain(): Promise<void> {
    const waiting: ErrandMessage[] = [MESSAGE];
    for (let taken = 0; taken < 100; taken += 1) {
      waiting.push(...this.messages.splice(0));
      const message = waiting.shift();
      if (!message) return;
      try {
        await this.take(message);
      } catch {
        waiting.push(message);
      }
    }
    throw new Error('Expected the backdating to come to its end.');
  }

  get backdating(): Backdating | undefined {
    return this.backdatings.errands.get(`daily-sales ${MESSAGE.errandId}`);
  }
}

let world: World;

beforeEach(() => {
  world = new World();
  world.backdatings.put(aBackdating());
});

/** A job so many minutes before {@link FIRE_TIME}, kept for a day more. */
const past = (minutes: number, changes: Partial<Job> = {}) =>
  aJob({
    key: jobKeyOf('daily-sales', FIRE_TIME - minutes * 60),
    resultExpiresAt: FIRE_TIME + DAY,
    expiresAt: FIRE_TIME + DAY,
    ...changes,
  });
const aWeek = { resultExpiresAt: FIRE_TIME + 2 + 7 * DAY, retentionRule: 'schedule:default' };
const manyJobs = (count: number) => {
  for (let minutes = 0; minutes < count; minutes += 1) world.put(past(minutes));
};
const newerBackdating = (seconds: number) =>
  aBackdating({
    errandId: `${encodeTime((FIRE_TIME + 60 + seconds) * 1_000)}${'0'.repeat(16)}`,
    createdAt: FIRE_TIME + 60 + seconds,
  });

describe('runBackdating', () => {
  it('gives each job the policy’s times, and counts what it found', async () => {
    world.put(past(1));
    world.put(past(2, { retentionRule: 'job:set' }));
    world.put(past(3, { resultExpiresAt: FIRE_TIME }));
    world.put(aRunningJob());
    world.put(past(4, { content: { kind: 'payload', payload: aPayload() } }));
    world.put(past(5, { key: { scheduleId: 'other', fireTime: '2026-11-23T08:00:00Z' } }));

    expect(await world.take()).toBe('ended');

    expect(world.backdating).toMatchObject({
      state: 'completed',
      endedAt: FIRE_TIME + 60,
      counts: { looked: 5, changed: 2, moved: 1, unchanged: 0, leftAlone: 1, expired: 1, open: 1 },
    });
    expect(world.jobs.get(past(1).id)).toMatchObject(aWeek);
    expect(world.jobs.get(past(4).id)).toMatchObject({
      ...aWeek,
      content: {
        payload: {
          key: 'results/7d/daily-sales/20261123T085600Z/1-copy-0',
          keptUntil: toIso(FIRE_TIME + 60 + 7 * DAY),
        },
      },
    });
  });

  it('does a hundred jobs in a step, and has the next one follow at once', async () => {
    manyJobs(101);

    expect(await world.take()).toBe('stepped');

    expect(world.backdating).toMatchObject({ version: 2, counts: { looked: 100, changed: 100 } });
    expect(world.messages).toEqual([
      { ...MESSAGE, version: 2, mark: 'mark 1', notBefore: FIRE_TIME + 60 },
    ]);
    await world.drain();
    expect(world.backdating).toMatchObject({ state: 'completed', counts: { looked: 101 } });
  });

  it('looks at no job of a fire time after it was asked for, which settles by the new policy', async () => {
    const { to } = aBackdating();
    world.put(past(0, { key: jobKeyOf('daily-sales', to + 1) }));
    world.put(past(0, { key: jobKeyOf('daily-sales', to) }));

    await world.drain();

    expect(world.backdating?.counts.looked).toBe(1);
  });

  it.each(['change', 'copy', 'send'] as const)(
    'changes no job twice, whichever %s it dies at',
    async (operation) => {
      for (let minutes = 0; minutes < 150; minutes += 1)
        world.put(past(minutes, { content: { kind: 'payload', payload: aPayload() } }));
      let calls = 0;
      world.beforeCall = (called) => {
        if (called !== operation) return;
        calls += 1;
        if (calls % 60 === 1) throw new Error('Killed.');
      };

      await world.drain();

      expect(world.backdating).toMatchObject({ state: 'completed', counts: { looked: 150 } });
      expect([...world.writes.values()]).toEqual(Array.from({ length: 150 }, () => 1));
      for (const job of world.jobs.values())
        expect(job).toMatchObject({ retentionRule: 'schedule:default' });
    },
  );

  it('does not make two of one where a message is delivered twice', async () => {
    manyJobs(101);

    await world.take();
    const [next] = world.messages.splice(0);
    if (!next) throw new Error('Expected a next step.');
    await world.take(next);

    expect(await world.take()).toBe('ended');
    expect(world.messages).toEqual([]);
  });

  it('decides anew about a job that someone changes meanwhile', async () => {
    world.put(past(1));
    world.beforeCall = (_, job) => {
      world.beforeCall = () => {};
      if (job) world.put({ ...job, retentionRule: 'job:set' });
    };

    await world.drain();

    expect(world.backdating?.counts).toMatchObject({ changed: 0, leftAlone: 1 });
  });

  it('leaves a job alone whose object has gone', async () => {
    world.put(past(1, { content: { kind: 'payload', payload: aPayload() } }));
    world.isObjectThere = false;

    await world.drain();

    expect(world.backdating?.counts).toMatchObject({ changed: 0, leftAlone: 1 });
  });

  it('copies an object once that several jobs share, and has them share the copy', async () => {
    const content = { kind: 'payload', payload: aPayload({ key: SHARED }) } as const;
    world.put(past(1, { content }));
    world.put(past(2, { content }));

    await world.drain();

    const key = SHARED.replace('1d', '30d');
    expect(world.copied).toEqual([key]);
    for (const job of world.jobs.values()) expect(job.content).toMatchObject({ payload: { key } });
  });

  it('holds the newest jobs of a policy with keepLast', async () => {
    const policy = { resultExpirationTime: DAY, keepLast: 1 };
    world.backdatings.put(aBackdating({ policy, places: { last: 1, success: false } }));
    manyJobs(2);

    await world.drain();

    expect(world.jobs.get(past(0).id)).toMatchObject({
      heldBy: 'daily-sales',
      keep: { last: 1 },
      retentionRule: 'schedule:keepLast',
    });
    expect(world.jobs.get(past(1).id)).not.toHaveProperty('heldBy');
  });
});

describe('two backdatings of a schedule', () => {
  const takeNewer = (seconds: number) =>
    world.take({ ...MESSAGE, errandId: newerBackdating(seconds).errandId, mark: 'newer' });

  it('are one: the newer ends the older, and waits until no step of that can be under way', async () => {
    world.nowSeconds += 30;
    world.backdatings.put(newerBackdating(30));
    world.put(past(1));

    expect(await takeNewer(30)).toBe('stepped');

    const { errandId } = newerBackdating(30);
    expect(world.backdating).toMatchObject({
      state: 'cancelled',
      reason: `Superseded by ${errandId}.`,
    });
    expect(world.messages).toMatchObject([{ errandId, notBefore: FIRE_TIME + 90 + 150 }]);
    expect(world.writes.size).toBe(0);
    const [next] = world.messages;
    expect(next && (await world.take(next))).toBe('ended');
    expect(world.writes.size).toBe(1);
  });

  it('has the older end by itself where it begins after the newer', async () => {
    world.backdatings.put(newerBackdating(30));
    world.put(past(1));

    expect(await world.take()).toBe('ended');

    expect(world.backdating).toMatchObject({ state: 'cancelled' });
    expect(world.writes.size).toBe(0);
  });

  it('does not wait for one that ended long ago', async () => {
    world.backdatings.put(aBackdating({ state: 'completed', endedAt: FIRE_TIME + 60 }));
    world.nowSeconds = FIRE_TIME + 60 + 150;
    world.backdatings.put(newerBackdating(150));

    expect(await takeNewer(150)).toBe('ended');
  });
});
