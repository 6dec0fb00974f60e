import { describe, expect, it } from 'vitest';
import { type CountBudgetsPorts, countBudgets } from '#functions/sweep/count-budgets.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import type { Budget } from '#shared/domain/usage/budget.ts';
import { type CountPlace, markOf } from '#shared/domain/usage/decide-count.ts';
import { pricesOf } from '#shared/domain/usage/prices.ts';
import { aBudget } from '#test/support/a-budget.ts';
import { aDefinition, aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryLedgers } from '#test/support/memory-ledgers.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';
import { aUsage, MemoryUsageReader } from '#test/support/memory-usage-reader.ts';

const HUNDRED_DAYS = 8_640_000;
const kept = { resultExpirationTime: HUNDRED_DAYS, recordExpirationTime: HUNDRED_DAYS };
/** One job a day for a hundred days, with 1,024 bytes each. */
const WEIGHT = 172_400;

const place = (budgets: readonly Budget[], changes: Partial<CountPlace> = {}): CountPlace => ({
  roundAt: FIRE_TIME,
  mark: markOf(budgets),
  ...changes,
});

/** A table with these schedules, each of which keeps its results for a hundred days. */
function aWorld(definitions: readonly Partial<ScheduleDefinition>[], budgets = [aBudget()]) {
  const schedules = new MemoryScheduleStore();
  for (const definition of definitions) schedules.put(aSchedule({ policy: kept, ...definition }));
  const ledgers = new MemoryLedgers();
  const usage = new MemoryUsageReader();
  const places: CountPlace[] = [];
  const reported: string[] = [];
  const world = {
    schedules,
    ledgers,
    usage,
    places,
    reported,
    asked: 0,
    /** Happens before a share is written. */
    meanwhile: (_scheduleId: string) => {},
    count: (changes: Partial<CountBudgetsPorts> = {}) => countBudgets({ ...ports, ...changes }),
  };
  const prices = pricesOf('us-east-1');
  const ports: CountBudgetsPorts = {
    now: () => FIRE_TIME,
    budgets,
    schedules,
    usage,
    ...(prices && { prices }),
    hasTime: () => true,
    report: (scheduleId) => void reported.push(scheduleId),
    counter: {
      readPlace: async () => {
        world.asked += 1;
        return places.at(-1);
      },
      writePlace: async (written) => void places.push(written),
      reweigh: async (read, share, moves) => {
        const { scheduleId } = read;
        world.meanwhile(scheduleId);
        const present = schedules.definitions.get(scheduleId);
        const isAsRead =
          present?.revision === read.revision && present.share?.version === read.share?.version;
        if (!isAsRead) return false;
        schedules.definitions.set(scheduleId, { ...aDefinition(), ...present, share });
        ledgers.count(moves);
        return true;
      },
      noteCounted: async (budget, countedAt) => {
        const { scope } = budget;
        const none = { scope, storedBytes: 0, microdollars: 0, version: 0 };
        const noted = { ...none, ...ledgers.byScope.get(scope), budget, countedAt };
        ledgers.byScope.set(scope, noted);
        return noted;
      },
    },
  };
  return world;
}

describe('countBudgets', () => {
  it('counts in the schedules that were there before their budget, and notes in its ledger that it has', async () => {
    const { count, ledgers, places } = aWorld([{ scheduleId: 'a' }, { scheduleId: 'b' }]);

    const { reweighed } = await count();

    expect(reweighed).toBe(2);
    expect(ledgers.byScope.get('stack')).toMatchObject({
      storedBytes: 2 * WEIGHT,
      countedAt: FIRE_TIME,
      budget: aBudget(),
    });
    expect(places).toEqual([place([aBudget()])]);
  });

  it('goes by the size that results have had since, and gives the ledgers of exceeded budgets', async () => {
    const { count, usage, ledgers } = aWorld([{ scheduleId: 'a' }]);
    usage.totalsById.set('a', aUsage(10, 3_300));

    const counted = await count();

    expect(ledgers.byScope.get('stack')?.storedBytes).toBe(400_000);
    expect(counted.ledgers).toMatchObject([{ scope: 'stack', storedBytes: 400_000 }]);
  });

  it('writes nothing where nothing has moved', async () => {
    const share = { storedBytes: WEIGHT, microdollars: 100, scopes: ['stack'], version: 3 };
    const { count, schedules } = aWorld([{ scheduleId: 'a', share }]);

    expect((await count()).reweighed).toBe(0);
    expect(schedules.definitions.get('a')?.share).toEqual(share);
  });

  it('gives back what was counted for a budget that is none any more, and passes by what was in none', async () => {
    const share = { storedBytes: 50, microdollars: 0, scopes: ['tag:team:ops'], version: 3 };
    const world = aWorld(
      [{ scheduleId: 'a', share }, { scheduleId: 'b' }],
      [aBudget({ scope: 'tag:team:sales' })],
    );
    world.ledgers.take('tag:team:ops', 50);

    expect((await world.count()).reweighed).toBe(1);

    expect(world.ledgers.byScope.get('tag:team:ops')?.storedBytes).toBe(0);
    expect(world.schedules.definitions.get('a')?.share).toMatchObject({ scopes: [], version: 4 });
    expect(world.schedules.definitions.get('b')).not.toHaveProperty('share');
  });

  it('leaves a schedule that was written meanwhile, which has counted itself', async () => {
    const world = aWorld([{ scheduleId: 'a' }, { scheduleId: 'b' }]);
    world.meanwhile = (id) => {
      if (id === 'a') world.schedules.put(aSchedule({ scheduleId: 'a', revision: 2 }));
    };

    expect((await world.count()).reweighed).toBe(1);
    expect(world.ledgers.byScope.get('stack')?.storedBytes).toBe(WEIGHT);
  });

  it('counts a schedule that another starts by how often it ran', async () => {
    const trigger = { kind: 'after', schedule: 'up' };
    const { count, usage, ledgers } = aWorld([{ scheduleId: 'a', trigger }]);
    usage.totalsById.set('a', aUsage(4, 1_024));
    usage.daysByName.set('a 2026-11-21', aUsage(1, 1_024));
    usage.daysByName.set('a 2026-11-22', aUsage(3, 1_024));

    await count();

    expect(ledgers.byScope.get('stack')?.storedBytes).toBe(2 * WEIGHT);
  });

  it('counts a thousand at one go, goes on from there, and rests for a day once all are', async () => {
    const ids = Array.from({ length: 1_050 }, (_, at) => `s${String(at).padStart(4, '0')}`);
    const world = aWorld(
      ids.map((scheduleId) => ({
        scheduleId,
        trigger: { kind: 'once', at: '2027-01-01T00:00:00Z' },
      })),
    );

    expect((await world.count()).reweighed).toBe(1_000);
    expect(world.places).toEqual([place([aBudget()], { after: 's0999' })]);
    expect(world.ledgers.byScope.get('stack')).not.toHaveProperty('countedAt');
    expect((await world.count()).reweighed).toBe(50);
    expect(world.places.at(-1)).toEqual(place([aBudget()]));

    expect(await world.count()).toEqual({ reweighed: 0, ledgers: [] });
    expect(world.places).toHaveLength(2);
  });

  it('goes on to the others where one cannot be counted', async () => {
    const broken = { scheduleId: 'a', trigger: { kind: 'nonsense' } };
    const { count, reported } = aWorld([broken, { scheduleId: 'b' }]);

    expect((await count()).reweighed).toBe(1);
    expect(reported).toEqual(['a']);
  });

  it('asks nothing of a stack without budgets', async () => {
    const world = aWorld([{ scheduleId: 'a' }], []);

    expect(await world.count()).toEqual({ reweighed: 0, ledgers: [] });
    expect([world.asked, world.places]).toEqual([0, []]);
  });
});
