import { beforeEach, describe, expect, it } from 'vitest';
import { budgetResource } from '#shared/contracts/budgets.ts';
import { listOf, scheduleResource } from '#shared/contracts/resources.ts';
import { aBudget } from '#test/support/a-budget.ts';
import { ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';
import { aUsage } from '#test/support/memory-usage-reader.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
});

/** One job a day for a hundred days, at 700 bytes for its row and 1,024 for a result that nobody has seen yet. */
const WEIGHT = 172_400;

const daily = (id: string, more: Record<string, unknown> = {}) =>
  aBody({ id, resultExpirationTime: '100d', recordExpirationTime: '100d', ...more });
const put = (id: string, more: Record<string, unknown> = {}) =>
  world.request('PUT', `/v1/schedules/${id}`, { body: daily(id, more) });
const patch = (id: string, body: Record<string, unknown>) =>
  world.request('PATCH', `/v1/schedules/${id}`, { body });
const remove = (id: string) => world.request('DELETE', `/v1/schedules/${id}`);
const taken = (scope = 'stack') => world.schedules.ledgers.byScope.get(scope)?.storedBytes;
const warningsIn = (json: unknown) => scheduleResource.parse(json).warnings;

describe('a budget that refuses', () => {
  beforeEach(() => {
    world.budgets.push(aBudget({ limit: 400_000 }));
  });

  it('takes schedules until one would pass it, and says what stands in the way', async () => {
    expect((await world.post(daily('a'))).status).toBe(201);
    expect((await world.post(daily('b'))).status).toBe(201);
    const refused = await world.post(daily('c'));

    expect(refused.status).toBe(409);
    expect(problemIn(refused).code).toBe('budget.exceeded');
    expect(refused.text).toContain(
      'at most 400,000 bytes at full, got 344,800 bytes taken and 172,400 bytes more. Keep results for a shorter time',
    );
    expect([...world.schedules.definitions.keys()]).toEqual(['a', 'b']);
    expect(taken()).toBe(2 * WEIGHT);
  });

  it('has room again once a schedule keeps less, or is deleted', async () => {
    for (const id of ['a', 'b']) await world.post(daily(id));
    await patch('a', { resultExpirationTime: '50d', recordExpirationTime: '50d' });
    expect(taken()).toBe(1.5 * WEIGHT);
    await remove('b');
    expect(taken()).toBe(0.5 * WEIGHT);

    expect((await world.post(daily('c'))).status).toBe(201);
    expect(taken()).toBe(1.5 * WEIGHT);
  });

  it('refuses a change that takes too much more, and leaves the schedule as it was, its starts unsent', async () => {
    for (const id of ['a', 'b']) await world.post(daily(id));

    const refused = await put('a', {
      trigger: { kind: 'interval', every: 'PT6H' },
      resultExpirationTime: '100d',
    });

    expect(problemIn(refused).code).toBe('budget.exceeded');
    expect(world.schedules.definitions.get('a')?.revision).toBe(1);
    expect(world.sent).toEqual([]);
    expect(taken()).toBe(2 * WEIGHT);
  });

  it('lets through what takes less, and what takes the same, although it is exceeded', async () => {
    for (const id of ['a', 'b']) await world.post(daily(id));
    world.budgets.splice(0, 1, aBudget({ limit: 1_000 }));

    expect((await put('a', { metadata: { note: 'same' } })).status).toBe(200);
    expect((await patch('b', { resultExpirationTime: '99d' })).status).toBe(200);
    expect(problemIn(await put('b', { resultExpirationTime: '101d' })).code).toBe(
      'budget.exceeded',
    );
  });

  it('keeps what a paused schedule takes, so that resuming it is never refused', async () => {
    await world.post(daily('a'));
    await world.request('POST', '/v1/schedules/a/pause', { body: {} });
    expect(taken()).toBe(WEIGHT);

    await world.post(daily('b'));
    expect((await world.request('POST', '/v1/schedules/a/resume', { body: {} })).status).toBe(200);
    expect(taken()).toBe(2 * WEIGHT);
  });

  it('takes of an id that is created anew as of any other', async () => {
    await world.post(daily('a'));
    await remove('a');
    await world.post(daily('a'));

    expect(taken()).toBe(WEIGHT);
  });

  it('says that a schedule exists rather than that there is no room, so that a repeated request finds what it has made', async () => {
    for (const id of ['a', 'b']) await world.post(daily(id));

    expect(problemIn(await world.post(daily('b'))).code).toBe('schedule.exists');
    expect((await put('b')).status).toBe(200);
    expect(taken()).toBe(2 * WEIGHT);
  });

  it('refuses the later of two that both fitted when it was read', async () => {
    await world.post(daily('a'));
    let isFirst = true;
    world.schedules.ledgers.afterRead = () => {
      if (isFirst) world.schedules.ledgers.take('stack', 2 * WEIGHT);
      isFirst = false;
    };

    const refused = await world.post(daily('c'));

    expect(problemIn(refused).code).toBe('budget.exceeded');
    expect(refused.text).toContain('344,800 bytes taken');
    expect(world.schedules.definitions.has('c')).toBe(false);
  });

  it('shows in a dry run what would be refused, and takes nothing', async () => {
    for (const id of ['a', 'b']) await world.post(daily(id));
    const { reads } = world.schedules.ledgers;

    const dry = await world.request('POST', '/v1/schedules?dryRun=true', { body: daily('c') });

    const shown = scheduleResource.parse(dry.json);
    expect(dry.status).toBe(200);
    expect(shown.budgets).toEqual([
      {
        scope: 'stack',
        measure: 'storedBytes',
        limit: 400_000,
        taken: 344_800,
        adds: 172_400,
        onExceeded: 'refuse',
        isExceeded: true,
      },
    ]);
    expect(shown.warnings).toMatchObject([{ pointer: '', code: 'budget.exceeded' }]);
    expect([taken(), world.schedules.ledgers.reads]).toEqual([2 * WEIGHT, reads + 1]);
  });

  it('goes by the size of results once there are any', async () => {
    world.usage.totalsById.set('a', aUsage(10, 3_300));

    await world.post(daily('a'));

    expect(taken()).toBe(400_000);
  });
});

describe('a budget that warns', () => {
  it('is passed with a warning in the answer, and none where it is kept to', async () => {
    world.budgets.push(aBudget({ limit: 200_000, onExceeded: 'warn' }));

    const kept = await world.post(daily('a'));
    const passed = await world.post(daily('b'));
    const changed = await put('b', { resultExpirationTime: '200d', recordExpirationTime: '200d' });
    const lessened = await put('b');

    expect(warningsIn(kept.json)).toBeUndefined();
    expect(passed.status).toBe(201);
    expect(warningsIn(passed.json)).toEqual([
      {
        pointer: '',
        code: 'budget.exceeded',
        detail: expect.stringContaining('got 172,400 bytes taken and 172,400 bytes more.'),
      },
    ]);
    expect(warningsIn(changed.json)).toHaveLength(1);
    expect(warningsIn(lessened.json)).toBeUndefined();
    expect(taken()).toBe(2 * WEIGHT);
  });
});

describe('a budget of a tag', () => {
  const sales = { metadata: { team: 'sales' } };

  it('is over the schedules with it alone, beside that of the stack', async () => {
    world.budgets.push(
      aBudget({ scope: 'tag:team:sales', limit: 200_000 }),
      aBudget({ limit: 1_000_000, onExceeded: 'warn' }),
    );

    await world.post(daily('a', sales));
    await world.post(daily('b', { metadata: { team: 'ops' } }));

    expect([taken('tag:team:sales'), taken()]).toEqual([WEIGHT, 2 * WEIGHT]);
    expect(problemIn(await world.post(daily('c', sales))).code).toBe('budget.exceeded');
    expect([taken('tag:team:sales'), taken()]).toEqual([WEIGHT, 2 * WEIGHT]);
  });

  it('follows a schedule that takes on its tag, and lets it go', async () => {
    world.budgets.push(aBudget({ scope: 'tag:team:sales', limit: 200_000 }));
    await world.post(daily('a'));
    expect(taken('tag:team:sales')).toBeUndefined();

    await patch('a', sales);
    expect(taken('tag:team:sales')).toBe(WEIGHT);
    await patch('a', { metadata: { team: null } });
    expect(taken('tag:team:sales')).toBe(0);
    expect(world.schedules.definitions.get('a')).not.toHaveProperty('share');
  });

  it('is over a schedule whose tag does not fit among those that jobs are found by', async () => {
    world.budgets.push(aBudget({ scope: 'tag:team:sales', limit: 200_000 }));

    await world.post(daily('a', { metadata: { about: 'x'.repeat(300), team: 'sales' } }));

    expect(taken('tag:team:sales')).toBe(WEIGHT);
  });
});

describe('a budget in dollars', () => {
  it('counts what a month costs at full', async () => {
    world.budgets.push(aBudget({ measure: 'microdollars', limit: 150 }));

    expect((await world.post(daily('a'))).status).toBe(201);
    const refused = await world.post(daily('b'));

    expect(refused.text).toContain(
      'at most $0.00015 a month at full, got $0.0001 a month taken and $0.0001 a month more.',
    );
  });
});

describe('a schedule that another starts', () => {
  const after = { trigger: { kind: 'after', schedule: 'up' } };

  it('takes nothing before it has run, and then by how often it did', async () => {
    world.budgets.push(aBudget({ limit: 400_000 }));
    await world.post(daily('a', after));
    expect(taken()).toBeUndefined();
    world.usage.totalsById.set('a', aUsage(4, 1_024));
    world.usage.daysByName.set('a 2026-11-21', aUsage(1, 1_024));
    world.usage.daysByName.set('a 2026-11-22', aUsage(3, 1_024));

    await put('a', after);

    expect(taken()).toBe(2 * WEIGHT);
  });
});

describe('a stack without budgets', () => {
  it('reads and writes nothing more for a schedule', async () => {
    const askedFor: string[] = [];
    world.usage.totals = async (ids) => {
      askedFor.push(...ids);
      throw new Error('Expected not to be asked.');
    };
    const { schedules } = world;

    expect((await world.post(daily('a'))).status).toBe(201);
    expect(schedules.reads).toBe(0);
    expect((await put('a', { resultExpirationTime: '1d' })).status).toBe(200);
    expect(schedules.reads).toBe(1);
    expect((await remove('a')).status).toBe(204);

    expect(schedules.reads).toBe(2);
    expect([schedules.ledgers.reads, askedFor]).toEqual([0, []]);
    expect(schedules.ledgers.byScope.size).toBe(0);
  });

  it('still gives back what a schedule took while there was one', async () => {
    world.budgets.push(aBudget({ limit: 400_000 }));
    for (const id of ['a', 'b']) await world.post(daily(id));
    world.budgets.pop();
    const { reads } = world.schedules.ledgers;

    await put('a');
    await remove('b');

    expect([taken(), world.schedules.ledgers.reads]).toEqual([0, reads]);
  });
});

describe('a write whose schedule is counted anew meanwhile', () => {
  /** As the sweep does, between the reading of a schedule and the writing of it. */
  function countMeanwhile(id: string, storedBytes: number) {
    let isFirst = true;
    world.schedules.beforeWrite = () => {
      const definition = world.schedules.definitions.get(id);
      if (!isFirst || !definition?.share) return;
      isFirst = false;
      const { share } = definition;
      world.schedules.definitions.set(id, {
        ...definition,
        share: { ...share, storedBytes, version: share.version + 1 },
      });
      world.schedules.ledgers.take('stack', storedBytes);
    };
  }

  it.each([
    ['PUT', () => put('a', { resultExpirationTime: '50d', recordExpirationTime: '50d' }), 86_200],
    ['DELETE', () => remove('a'), 0],
  ])('moves the ledger by what it differs from the new count: %s', async (_, write, left) => {
    world.budgets.push(aBudget({ limit: 400_000 }));
    await world.post(daily('a'));
    countMeanwhile('a', 300_000);

    expect((await write()).status).toBeLessThan(300);

    expect(taken()).toBe(left);
  });
});

describe('GET /v1/budgets', () => {
  const page = listOf(budgetResource);
  const get = (query = '') => world.request('GET', `/v1/budgets${query}`);

  it('lists each budget with what is taken, in the units that it was given in', async () => {
    world.budgets.push(
      aBudget({ limit: 100_000, onExceeded: 'warn' }),
      aBudget({ scope: 'tag:team:sales', measure: 'microdollars', limit: 12_500_000 }),
    );
    world.schedules.ledgers.byScope.set('stack', {
      scope: 'stack',
      storedBytes: 172_400,
      microdollars: 100,
      version: 1,
      countedAt: world.nowSeconds,
    });

    expect(page.parse((await get()).json).data).toEqual([
      {
        scope: 'stack',
        measure: 'storedBytes',
        limit: 100_000,
        taken: 172_400,
        onExceeded: 'warn',
        isExceeded: true,
        countedAt: '2026-11-23T09:00:00Z',
      },
      {
        scope: 'tag:team:sales',
        measure: 'dollarsPerMonth',
        limit: 12.5,
        taken: 0,
        onExceeded: 'refuse',
        isExceeded: false,
      },
    ]);
  });

  it('is empty, and reads nothing, where there is none', async () => {
    expect((await get('?explain=true')).json).toEqual({
      data: [],
      next: null,
      explain: { requests: 0, itemsRead: 0, readUnits: 0 },
    });
    expect(world.schedules.ledgers.reads).toBe(0);
  });
});
