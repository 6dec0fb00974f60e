import { beforeEach, describe, expect, it } from 'vitest';
import { type RunBackfillPorts, runBackfill } from '#functions/run-backfill/run-backfill.ts';
import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import { fromIso } from '#shared/domain/epoch-seconds.ts';
import type { ErrandMessage } from '#shared/domain/errand/errand.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import type { ErrandStepped } from '#shared/use-cases/take-errand-step.ts';
import { aBackfill } from '#test/support/a-backfill.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryErrandStore } from '#test/support/memory-errand-store.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

const HOUR = 3_600;
const DAY = 86_400;
const HOURLY = { kind: 'interval', every: 'PT1H', startAt: '2026-11-01T00:00:00Z' };
/** Three days of it. */
const SPAN = { from: FIRE_TIME - 72 * HOUR, to: FIRE_TIME - HOUR };
const MESSAGE: ErrandMessage = {
  kind: 'backfill',
  scheduleId: 'daily-sales',
  errandId: aBackfill().errandId,
  version: 1,
  mark: 'first',
};

/** A table, a queue and tasks that run as soon as they are started; anything may fail. */
class World {
  nowSeconds = FIRE_TIME + 60;
  readonly schedules = new MemoryScheduleStore();
  readonly backfills = new MemoryErrandStore<Backfill>();
  readonly rows = new Map<number, 'open' | 'settled'>();
  /** Every start that was sent. */
  readonly started: Start[] = [];
  readonly messages: (ErrandMessage & { readonly notBefore: number })[] = [];
  /** How often each fire time was run. */
  readonly runs = new Map<number, number>();
  /** Whether a start that arrives is run at once. */
  doTasksRun = true;
  beforeSend: (message: QueuedMessage) => void = () => {};
  #marks = 0;

  readonly ports: RunBackfillPorts = {
    now: () => this.nowSeconds,
    newMark: () => {
      this.#marks += 1;
      return `mark ${this.#marks}`;
    },
    schedules: this.schedules,
    errands: this.backfills,
    jobs: {
      between: async (_, { from, to }) => ({
        standings: new Map([...this.rows].filter(([at]) => from <= at && at <= to)),
        to,
      }),
      of: async (_, fireTimes) => new Map([...this.rows].filter(([at]) => fireTimes.includes(at))),
    },
    queue: {
      send: async (message) => {
        this.beforeSend(message);
        if (message.kind === 'backfill') this.messages.push(message);
        if (message.kind === 'start') this.#start(message.start);
      },
    },
  };

  take(message: ErrandMessage): Promise<ErrandStepped> {
    return runBackfill(message, this.ports);
  }

  /** Takes messages until there are none; one that fails comes again, as from the dead letters. */
  async drain(first: ErrandMessage): Promise<void> {
    const waiting: ErrandMessage[] = [first];
    for (let taken = 0; taken < 1_000; taken += 1) {
      waiting.push(...this.messages.splice(0));
      const message = waiting.shift();
      if (!message) return;
      this.nowSeconds += 2;
      try {
        await this.take(message);
      } catch {
        waiting.push(message);
      }
    }
    throw new Error('Expected the backfill to come to its end.');
  }

  get backfill(): Backfill | undefined {
    return [...this.backfills.errands.values()][0];
  }

  #start(start: Start): void {
    this.started.push(start);
    if (!this.doTasksRun) return;
    const fireTime = fromIso(start.fireTime) ?? 0;
    // The claim: a row that is there refuses the start.
    if (this.rows.has(fireTime)) return;
    this.rows.set(fireTime, 'settled');
    this.runs.set(fireTime, (this.runs.get(fireTime) ?? 0) + 1);
  }
}

let world: World;

beforeEach(() => {
  world = new World();
  const policy = { resultExpirationTime: 30 * DAY };
  world.schedules.put(aSchedule({ trigger: HOURLY, policy }));
  const trigger = { trigger: HOURLY, anchorAt: 0 };
  const counts = { due: 72, started: 0, settled: 0, running: 0, unknown: 0 };
  world.backfills.put(aBackfill({ ...SPAN, trigger, counts, lookFrom: SPAN.from }));
});

describe('runBackfill', () => {
  it('starts the first jobs as the schedule is now, each with a deliverBy of its own', async () => {
    world.doTasksRun = false;

    expect(await world.take(MESSAGE)).toBe('stepped');

    expect(world.started).toHaveLength(25);
    expect(world.started[0]).toMatchObject({
      fireTime: '2026-11-20T09:00:00Z',
      deliverBy: '2026-11-23T10:01:00Z',
      task: 'sales-report',
      attempt: 1,
    });
    expect(world.backfill).toMatchObject({ version: 3, writtenBy: 'first' });
    expect(world.backfill).not.toHaveProperty('sendingAt');
    expect(world.messages).toMatchObject([{ version: 3, notBefore: FIRE_TIME + 62 }]);
  });

  it('runs every fire time once, in some steps, and comes to its end', async () => {
    await world.drain(MESSAGE);

    expect([...world.runs.values()]).toEqual(Array.from({ length: 72 }, () => 1));
    expect(world.backfill).toMatchObject({
      state: 'completed',
      counts: { due: 72, started: 72, settled: 0, running: 0, unknown: 0 },
      open: [],
    });
    expect(world.messages).toEqual([]);
  });

  it('starts one at a time under a sequential overlap, which its starts carry', async () => {
    const present = world.backfill;
    if (present) world.backfills.put({ ...present, overlap: 'buffer-all' });
    world.doTasksRun = false;

    await world.take(MESSAGE);
    const [next] = world.messages;
    if (next) await world.take(next);

    expect(world.started).toMatchObject([
      { fireTime: '2026-11-20T09:00:00Z', policy: { overlap: 'buffer-all' } },
    ]);
    expect(world.messages.at(-1)?.notBefore).toBe(FIRE_TIME + 64);
  });

  it('leaves settled and running jobs alone', async () => {
    world.rows.set(SPAN.from, 'settled');
    world.rows.set(SPAN.from + HOUR, 'open');

    await world.drain(MESSAGE);

    expect(world.backfill?.counts).toMatchObject({ started: 70, settled: 1, running: 1 });
    expect(world.runs.has(SPAN.from)).toBe(false);
    expect(world.runs.has(SPAN.from + HOUR)).toBe(false);
  });

  it.each([
    [false, { started: 23, unknown: 49 }],
    [true, { started: 72, unknown: 0 }],
  ])('runs what may have run before only by force (%s)', async (isForced, counts) => {
    const policy = { resultExpirationTime: 0 };
    const createdAt = FIRE_TIME - 100 * DAY;
    world.schedules.put(aSchedule({ trigger: HOURLY, policy, createdAt }));
    const present = world.backfill;
    if (present) world.backfills.put({ ...present, isForced, scheduleCreatedAt: createdAt });

    await world.drain(MESSAGE);

    expect(world.backfill?.counts).toMatchObject(counts);
  });

  it('stops with the schedule, and with one that was created anew under its id', async () => {
    world.schedules.put(aSchedule({ trigger: HOURLY, createdAt: FIRE_TIME + 30 }));

    expect(await world.take(MESSAGE)).toBe('ended');

    expect(world.started).toEqual([]);
    expect(world.backfill).toMatchObject({
      state: 'cancelled',
      reason: 'The schedule was deleted.',
    });
  });

  it('works through the trigger that it was asked for with, by the schedule’s present input', async () => {
    world.schedules.put(
      aSchedule({ input: { rows: 7 }, policy: { resultExpirationTime: 30 * DAY } }),
    );

    await world.drain(MESSAGE);

    expect(world.runs.size).toBe(72);
    expect(world.started[0]).toMatchObject({ input: { rows: 7 } });
  });

  it('starts nothing once it is cancelled', async () => {
    const present = world.backfill;
    if (present) world.backfills.put({ ...present, state: 'cancelled' });

    expect(await world.take(MESSAGE)).toBe('ended');
    expect(world.started).toEqual([]);
  });

  it('waits a minute for a backfill whose message has overtaken it', async () => {
    world.backfills.errands.clear();
    // As its ULID says.
    const askedAt = FIRE_TIME + 60;
    world.nowSeconds = askedAt + 60;
    expect(await world.take(MESSAGE)).toBe('awaited');
    expect(world.messages).toEqual([{ ...MESSAGE, notBefore: askedAt + 65 }]);

    world.nowSeconds = askedAt + 61;
    expect(await world.take(MESSAGE)).toBe('not-found');
  });
});

describe('a message of a backfill', () => {
  it('that comes twice does its step once', async () => {
    world.doTasksRun = false;

    await world.take(MESSAGE);
    const again = await world.take({ ...MESSAGE, mark: 'another' });

    expect(again).toBe('superseded');
    expect(world.started).toHaveLength(25);
  });

  it('does not make two backfills of one, though both of two messages find their own work', async () => {
    // Each delivery of a message that has done its step sends the next one anew, under another mark.
    await world.take(MESSAGE);
    await world.take(MESSAGE);
    expect(world.messages).toHaveLength(2);

    await world.drain(MESSAGE);

    expect([...world.runs.values()].every((count) => count === 1)).toBe(true);
    expect(world.backfill).toMatchObject({ state: 'completed', counts: { started: 72 } });
  });

  it.each([1, 2, 3, 4, 5, 10, 26, 27, 28, 29, 30, 31, 60, 80])(
    'converges when call %i of all fails, before it is made',
    async (nth) => {
      let calls = 0;
      const fail = () => {
        calls += 1;
        if (calls === nth) throw new Error('Killed.');
      };
      world.backfills.beforeWrite = fail;
      world.beforeSend = fail;

      await world.drain(MESSAGE);

      expect([...world.runs.values()]).toEqual(Array.from({ length: 72 }, () => 1));
      expect(world.backfill).toMatchObject({ state: 'completed', counts: { started: 72 } });
    },
  );

  it.each([1, 2, 3, 4])('converges when it is killed after write %i', async (nth) => {
    let writes = 0;
    world.backfills.afterWrite = () => {
      writes += 1;
      if (writes === nth) throw new Error('Killed.');
    };

    await world.drain(MESSAGE);

    expect([...world.runs.values()]).toEqual(Array.from({ length: 72 }, () => 1));
    expect(world.backfill).toMatchObject({ state: 'completed', counts: { started: 72 } });
  });

  it('that comes again hours later sends no start that is late, but starts anew what was lost', async () => {
    world.beforeSend = (message) => {
      if (message.kind === 'start') throw new Error('Killed.');
    };
    await expect(world.take(MESSAGE)).rejects.toThrow('Killed.');
    world.beforeSend = () => {};

    world.nowSeconds += 3 * HOUR;
    await world.take(MESSAGE);
    expect(world.started).toEqual([]);
    await world.drain(MESSAGE);

    expect([...world.runs.values()]).toEqual(Array.from({ length: 72 }, () => 1));
    expect(world.backfill).toMatchObject({ state: 'completed', counts: { started: 72 } });
  });
});
