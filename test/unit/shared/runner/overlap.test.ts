import { describe, expect, it } from 'vitest';
import type { Overlap } from '#shared/domain/job/overlap.ts';
import { bufferSlot, scheduleSlot, taskSlot } from '#shared/domain/job/slot.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const SLOT = scheduleSlot('daily-sales');
const NINE = 'daily-sales@20261123T090000Z';
const TEN = 'daily-sales@20261123T090100Z';

const firstUnder = (overlap: Overlap, changes: Partial<Start> = {}) =>
  aStart({ policy: { resultExpirationTime: 60, overlap }, ...changes });
const secondUnder = (overlap: Overlap) => firstUnder(overlap, { fireTime: '2026-11-23T09:01:00Z' });
const thirdUnder = (overlap: Overlap) => firstUnder(overlap, { fireTime: '2026-11-23T09:02:00Z' });

/** Runs the first job, and during it, a minute later, whatever is given. */
async function during(world: RunnerWorld, first: Start, meanwhile: () => Promise<unknown>) {
  return world.run(first, async () => {
    world.nowSeconds = FIRE_TIME + 60;
    await meanwhile();
    return 'first';
  });
}

function outcomeOf(world: RunnerWorld, start: Start) {
  const { state, outcome, settlement } = world.jobs.row(keyOfStart(start)) ?? {};
  return {
    state,
    ...(outcome && { outcome }),
    ...(settlement?.error && { error: settlement.error.message }),
  };
}

describe('a job whose schedule bounds nothing', () => {
  it('asks for no slot', async () => {
    const world = new RunnerWorld();

    await world.run(firstUnder('allow-all'), () => 1);

    expect(world.loaded).not.toContain('turns');
    expect(world.slots.rows.size).toBe(0);
  });
});

describe('overlap skip', () => {
  it('leaves a job out while another runs, and says which', async () => {
    const world = new RunnerWorld();
    const second = secondUnder('skip');

    await during(world, firstUnder('skip'), () => world.run(second, () => 'second'));

    expect(outcomeOf(world, second)).toEqual({
      state: 'settled',
      outcome: 'skipped',
      error: `Left out: ${NINE} has not ended, and the schedule's overlap is skip.`,
    });
  });

  it('runs a job once the other has ended, whose slot is free', async () => {
    const world = new RunnerWorld();
    const second = secondUnder('skip');

    await world.run(firstUnder('skip'), () => 1);
    const freed = world.slots.holder(SLOT);
    world.nowSeconds = FIRE_TIME + 60;
    await world.run(second, () => 2);

    expect(freed).toBeUndefined();
    expect(outcomeOf(world, second)).toEqual({ state: 'settled', outcome: 'success' });
  });

  it('leaves a job out while another waits for its next attempt', async () => {
    const world = new RunnerWorld();
    const retry = { maxAttempts: 2, delay: 300, factor: 1, maxDelay: 300 };
    const first = firstUnder('skip', {
      policy: { resultExpirationTime: 60, overlap: 'skip', retry },
    });
    const fail = () => Promise.reject(new Error('no'));

    await world.run(first, fail);
    world.nowSeconds = FIRE_TIME + 60;
    await world.run(secondUnder('skip'), () => 2);
    const whileRetrying = outcomeOf(world, secondUnder('skip'));
    world.nowSeconds = FIRE_TIME + 400;
    await world.run({ ...first, attempt: 2 }, () => 1);

    expect(whileRetrying).toMatchObject({ outcome: 'skipped' });
    expect(outcomeOf(world, first)).toEqual({ state: 'settled', outcome: 'success' });
    expect(world.slots.rows.size).toBe(0);
  });

  it('finds a slot vacant whose job settled and could not let go of it', async () => {
    const world = new RunnerWorld();
    await world.run(firstUnder('skip'), () => 1);
    world.slots.rows.set('slot:daily-sales/#0', { holder: NINE, leaseUntil: FIRE_TIME + 900 });

    world.nowSeconds = FIRE_TIME + 60;
    await world.run(secondUnder('skip'), () => 2);

    expect(outcomeOf(world, secondUnder('skip'))).toMatchObject({ outcome: 'success' });
  });

  it('lets a duplicate start of the running job do nothing, and leaves the job its slot', async () => {
    const world = new RunnerWorld();
    const first = firstUnder('skip');
    let end: unknown;

    await during(world, first, async () => {
      end = await world.run(first, () => 'again');
      expect(world.slots.holder(SLOT)?.holder).toBe(NINE);
    });

    expect(end).toEqual({ kind: 'held', isSentOn: false });
    expect(outcomeOf(world, first)).toEqual({ state: 'settled', outcome: 'success' });
  });

  it('lets a late duplicate of a settled job go again as it came', async () => {
    const world = new RunnerWorld();
    await world.run(firstUnder('skip'), () => 1);

    const end = await world.run(firstUnder('skip'), () => 'again');

    expect(end).toEqual({ kind: 'already-settled' });
    expect(world.slots.rows.size).toBe(0);
  });
});

describe('overlap buffer-all', () => {
  it('has jobs wait in a queued row and the queue, and starts the oldest when the other ends', async () => {
    const world = new RunnerWorld();
    const [second, third] = [secondUnder('buffer-all'), thirdUnder('buffer-all')];
    const ends: unknown[] = [];

    await during(world, firstUnder('buffer-all'), async () => {
      ends.push(await world.run(second, () => 2));
      world.nowSeconds = FIRE_TIME + 120;
      ends.push(await world.run(third, () => 3));
    });
    const [looksAgain, , startedNow] = world.sent;

    expect(ends).toEqual([
      { kind: 'waiting', until: FIRE_TIME + 75 },
      { kind: 'waiting', until: FIRE_TIME + 135 },
    ]);
    expect(looksAgain).toEqual({ kind: 'start', notBefore: FIRE_TIME + 75, start: second });
    expect(startedNow).toEqual({ kind: 'start', notBefore: FIRE_TIME + 120, start: second });
    expect(world.jobs.row(keyOfStart(second))).toMatchObject({
      state: 'queued',
      waitingFor: 'slot:daily-sales',
      lookAgainAt: FIRE_TIME + 75,
    });
    expect(world.slots.holder(SLOT)).toEqual({ holder: TEN, leaseUntil: FIRE_TIME + 210 });
  });

  it('runs those that wait in the order of their fire times, whoever comes in between', async () => {
    const world = new RunnerWorld();
    const order: string[] = [];
    const running = (name: string) => () => void order.push(name);
    const [second, third] = [secondUnder('buffer-all'), thirdUnder('buffer-all')];
    await during(world, firstUnder('buffer-all'), () => world.run(second, running('second')));

    world.nowSeconds = FIRE_TIME + 120;
    const came = await world.run(third, running('third'));
    await world.run(second, running('second'));
    await world.run(third, running('third'));

    expect(came).toMatchObject({ kind: 'waiting' });
    expect(order).toEqual(['second', 'third']);
    expect(world.slots.rows.size).toBe(0);
  });

  it('sends no second start while one is under way', async () => {
    const world = new RunnerWorld();
    const second = secondUnder('buffer-all');

    await during(world, firstUnder('buffer-all'), async () => {
      await world.run(second, () => 2);
      await world.run(second, () => 2);
      world.nowSeconds = FIRE_TIME + 75;
      await world.run(second, () => 2);
    });

    expect(world.sent.map(({ notBefore }) => notBefore - FIRE_TIME)).toEqual([75, 90, 75]);
  });

  it('sends another where the one under way has come to a machine whose clock is behind', async () => {
    const world = new RunnerWorld();
    const second = secondUnder('buffer-all');

    await during(world, firstUnder('buffer-all'), async () => {
      await world.run(second, () => 2);
      world.nowSeconds = FIRE_TIME + 74;
      await world.run(second, () => 2);
    });

    expect(world.sent.map(({ notBefore }) => notBefore - FIRE_TIME)).toEqual([75, 89, 74]);
  });

  it('ends waiting as missed when the grace time is over, and says for whom it waited', async () => {
    const world = new RunnerWorld();
    const policy = {
      resultExpirationTime: 60,
      overlap: 'buffer-all' as const,
      misfireGraceTime: 80,
    };
    const second = { ...secondUnder('buffer-all'), policy };

    await during(world, firstUnder('buffer-all'), async () => {
      for (const late of [0, 15, 30, 45, 68]) {
        world.nowSeconds = FIRE_TIME + 60 + late;
        await world.run(second, () => 2);
      }
      expect(world.sent.at(-1)).toMatchObject({ notBefore: FIRE_TIME + 60 + 81 });
      world.nowSeconds = FIRE_TIME + 60 + 81;
      await world.run(second, () => 2);
    });

    expect(outcomeOf(world, second)).toMatchObject({
      outcome: 'missed',
      error: expect.stringContaining('It waited for other jobs of its schedule to end.'),
    });
    expect(world.slots.rows.size).toBe(0);
  });
});

describe('overlap buffer-one', () => {
  it('lets one job wait, and leaves out the others', async () => {
    const world = new RunnerWorld();
    const [second, third] = [secondUnder('buffer-one'), thirdUnder('buffer-one')];

    await during(world, firstUnder('buffer-one'), async () => {
      await world.run(second, () => 2);
      world.nowSeconds = FIRE_TIME + 120;
      await world.run(third, () => 3);
    });

    expect(outcomeOf(world, second)).toEqual({ state: 'queued' });
    expect(outcomeOf(world, third)).toMatchObject({
      outcome: 'skipped',
      error: `Left out: ${TEN} waits already, and the schedule's overlap is buffer-one.`,
    });
  });

  it('lets another wait once the one before has begun', async () => {
    const world = new RunnerWorld();
    const [second, third] = [secondUnder('buffer-one'), thirdUnder('buffer-one')];
    await during(world, firstUnder('buffer-one'), () => world.run(second, () => 2));

    await world.run(second, async () => {
      world.nowSeconds = FIRE_TIME + 120;
      await world.run(third, () => 3);
    });

    expect(outcomeOf(world, third)).toEqual({ state: 'queued' });
    expect(world.slots.holder(bufferSlot('daily-sales'))?.holder).toBe(
      'daily-sales@20261123T090200Z',
    );
  });
});

describe('overlap cancel-other', () => {
  it('asks the running job to end, and waits for it', async () => {
    const world = new RunnerWorld();
    const [first, second] = [firstUnder('cancel-other'), secondUnder('cancel-other')];

    await during(world, first, async () => {
      expect(world.loaded).toContain('watch');
      await world.run(second, () => 2);
      world.standing = 'cancelled';
    });

    expect(world.jobs.writes).toContain('request cancel 1');
    expect(outcomeOf(world, second)).toEqual({ state: 'queued' });
    expect(world.sent.at(-1)).toMatchObject({ notBefore: FIRE_TIME + 60, start: second });
  });

  it('cancels the older one that waits', async () => {
    const world = new RunnerWorld();
    const [second, third] = [secondUnder('cancel-other'), thirdUnder('cancel-other')];

    await during(world, firstUnder('cancel-other'), async () => {
      await world.run(second, () => 2);
      world.nowSeconds = FIRE_TIME + 120;
      await world.run(third, () => 3);
    });

    expect(outcomeOf(world, second)).toMatchObject({
      outcome: 'cancelled',
      error: `daily-sales@20261123T090200Z came in its place, as the schedule's overlap is cancel-other.`,
    });
    expect(outcomeOf(world, third)).toEqual({ state: 'queued' });
    expect(world.jobs.writes.filter((write) => write.startsWith('request cancel'))).toHaveLength(1);
  });
});

describe('overlap terminate-other', () => {
  it('settles the running job, runs at once, and fences the other off', async () => {
    const world = new RunnerWorld();
    const [first, second] = [firstUnder('terminate-other'), secondUnder('terminate-other')];

    const end = await during(world, first, async () => {
      const ended = await world.run(second, () => 2);
      expect(ended).toMatchObject({ outcome: 'success' });
    });

    expect(end).toMatchObject({ kind: 'fenced-off' });
    expect(outcomeOf(world, first)).toMatchObject({ outcome: 'cancelled' });
    expect(world.slots.rows.size).toBe(0);
  });
});

describe('maxRunningJobs', () => {
  const oneAtOnce = { maxRunningJobs: 1 };
  const other = aStart({ scheduleId: 'weekly-sales' });

  it('has a job wait while as many attempts of its task run, whatever schedules they are of', async () => {
    const world = new RunnerWorld();
    let end: unknown;

    await world.run(
      aStart(),
      async () => {
        end = await world.run(other, () => 2, oneAtOnce);
      },
      oneAtOnce,
    );
    const handedTo = world.slots.holder(taskSlot('sales-report', 0));
    await world.run(other, () => 2, oneAtOnce);

    expect(end).toMatchObject({ kind: 'waiting' });
    expect(handedTo?.holder).toBe('weekly-sales@20261123T090000Z#1');
    expect(outcomeOf(world, other)).toEqual({ state: 'settled', outcome: 'success' });
    expect(world.slots.rows.size).toBe(0);
  });

  it('lets go of the slot between two attempts, and keeps that of the schedule', async () => {
    const world = new RunnerWorld();
    const retry = { maxAttempts: 2, delay: 300, factor: 1, maxDelay: 300 };
    const start = aStart({ policy: { resultExpirationTime: 60, overlap: 'skip', retry } });

    await world.run(start, () => Promise.reject(new Error('no')), oneAtOnce);

    expect([...world.slots.rows.keys()]).toEqual(['slot:daily-sales/#0']);
  });

  it('takes the slot of an attempt whose lease has ended', async () => {
    const world = new RunnerWorld();
    world.slots.rows.set('slot:task:sales-report/#0', {
      holder: 'dead',
      leaseUntil: FIRE_TIME - 10,
    });

    const end = await world.run(aStart(), () => 1, oneAtOnce);

    expect(end).toMatchObject({ outcome: 'success' });
  });

  it('keeps the schedule of a job that waits for its task from starting another', async () => {
    const world = new RunnerWorld();
    const [first, second] = [firstUnder('skip'), secondUnder('skip')];
    world.slots.rows.set('slot:task:sales-report/#0', {
      holder: 'other',
      leaseUntil: FIRE_TIME + 900,
    });

    await world.run(first, () => 1, oneAtOnce);
    world.nowSeconds = FIRE_TIME + 60;
    await world.run(second, () => 2, oneAtOnce);

    expect(outcomeOf(world, first)).toEqual({ state: 'queued' });
    expect(world.jobs.row(keyOfStart(first))?.waitingFor).toBe('slot:task:sales-report');
    expect(outcomeOf(world, second)).toMatchObject({ outcome: 'skipped' });
  });

  it('has a retry wait too', async () => {
    const world = new RunnerWorld();
    const retry = { maxAttempts: 2, delay: 300, factor: 1, maxDelay: 300 };
    const start = aStart({ policy: { resultExpirationTime: 60, retry } });
    await world.run(start, () => Promise.reject(new Error('no')), oneAtOnce);
    world.slots.rows.set('slot:task:sales-report/#0', {
      holder: 'other',
      leaseUntil: FIRE_TIME + 900,
    });
    world.nowSeconds = FIRE_TIME + 300;

    const end = await world.run({ ...start, attempt: 2 }, () => 1, oneAtOnce);

    expect(end).toEqual({ kind: 'waiting', until: FIRE_TIME + 450 });
    expect(world.jobs.row(keyOfStart(start))).toMatchObject({
      state: 'retrying',
      waitingFor: 'slot:task:sales-report',
      start: { attempt: 2 },
    });
  });
});
