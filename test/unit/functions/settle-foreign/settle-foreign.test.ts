import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ForeignEnd } from '#functions/settle-foreign/read-foreign-end.ts';
import { settleForeign } from '#functions/settle-foreign/settle-foreign.ts';
import { keyOfStart } from '#shared/domain/job/start.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const KEY = keyOfStart(aStart());

const anEnd = (changes: Partial<ForeignEnd> = {}): ForeignEnd => ({
  start: aStart(),
  requestId: 'a-request',
  attempt: 1,
  endedAt: FIRE_TIME + 4,
  end: { kind: 'returned', value: { rows: 3 } },
  ...changes,
});

const FAILED: ForeignEnd['end'] = {
  kind: 'failed',
  outcome: 'error',
  error: { name: 'RangeError', message: 'Nobody is called Ada.' },
};

function settle(world: RunnerWorld, ended: ForeignEnd) {
  return settleForeign(ended, { ...world.ports(), now: () => world.nowSeconds });
}

describe('settleForeign', () => {
  it('settles the job with its result, at the time and attempt that Lambda tells', async () => {
    const world = new RunnerWorld(FIRE_TIME + 5);

    expect(await settle(world, anEnd({ attempt: 2 }))).toBe('settled');
    expect(world.jobs.row(KEY)).toMatchObject({
      state: 'settled',
      attempt: 2,
      outcome: 'success',
      settlement: {
        finishedAt: FIRE_TIME + 4,
        result: { state: 'stored', content: { kind: 'text', text: '{"rows":3}' } },
      },
    });
    expect(world.loaded).toEqual(new Set());
  });

  it('puts a large result into the bucket before the row, under the name of its invocation', async () => {
    const world = new RunnerWorld();
    const value = Array.from({ length: 5_000 }, () => Math.random());

    await settle(world, anEnd({ end: { kind: 'returned', value } }));

    const [object] = world.results;
    expect(object?.key).toBe('results/1d/daily-sales/20261123T090000Z/1-a-request');
    expect(world.jobs.row(KEY)?.settlement?.result).toMatchObject({
      content: { kind: 'payload', payload: { key: object?.key } },
    });
  });

  it('settles a failure with its error, and without a result', async () => {
    const world = new RunnerWorld();

    await settle(world, anEnd({ end: FAILED }));

    const { settlement } = world.jobs.row(KEY) ?? {};
    expect(settlement).toMatchObject({ outcome: 'error', error: FAILED.error });
    expect(settlement).not.toHaveProperty('result');
  });

  it('keeps the record until no run of the job can end any more, however short the policy is', async () => {
    const world = new RunnerWorld();
    const start = aStart({ policy: { resultExpirationTime: 1, catchUpWindow: 600 } });

    await settle(world, anEnd({ start }));

    // The window, then the hour that Lambda may keep the start, its longest run, and a minute.
    expect(world.jobs.row(KEY)?.settlement?.expiry).toEqual({
      resultExpiresAt: FIRE_TIME + 5,
      expiresAt: FIRE_TIME + 600 + 3_600 + 960,
      rule: 'schedule:default',
    });
  });

  it('settles the row of a job that was queued for the function', async () => {
    const world = new RunnerWorld();
    world.jobs.rows.set('daily-sales@2026-11-23T09:00:00Z', { state: 'queued', attempt: 0 });

    expect(await settle(world, anEnd())).toBe('settled');
    expect(world.jobs.row(KEY)).toMatchObject({ state: 'settled', outcome: 'success' });
  });

  it.each(['running', 'retrying'] as const)('leaves a %s row to its owner', async (state) => {
    const world = new RunnerWorld();
    const row = { state, attempt: 1, owner: 'someone' };
    world.jobs.rows.set('daily-sales@2026-11-23T09:00:00Z', row);

    expect(await settle(world, anEnd())).toBe('already-settled');
    expect(world.jobs.row(KEY)).toEqual(row);
  });

  it('writes nothing for an end that comes after its row would have gone', async () => {
    const world = new RunnerWorld(FIRE_TIME + 3_600 + 3_600 + 960);

    expect(await settle(world, anEnd())).toBe('too-late');
    expect(world.jobs.writes).toEqual([]);
  });

  it('settles once, by the first of any ends, however often and in whatever order they come', async () => {
    const end = fc.record({
      requestId: fc.constantFrom('one', 'two', 'three'),
      endedAt: fc.integer({ min: FIRE_TIME, max: FIRE_TIME + 900 }),
      end: fc.constantFrom<ForeignEnd['end']>(FAILED, { kind: 'returned', value: 1 }),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(end, { minLength: 1, maxLength: 8 }), async (ends) => {
        const world = new RunnerWorld();

        const done = await Promise.all(ends.map((changes) => settle(world, anEnd(changes))));

        expect(world.jobs.writes).toEqual(['create settled']);
        expect(done.filter((what) => what === 'settled')).toHaveLength(1);
        expect(world.jobs.row(KEY)?.settlement?.finishedAt).toBe(
          ends[done.indexOf('settled')]?.endedAt,
        );
      }),
    );
  });
});
