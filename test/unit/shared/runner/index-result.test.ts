import { describe, expect, it } from 'vitest';
import { keyOfStart } from '#shared/domain/job/start.ts';
import { parseUnsettledJob } from '#shared/domain/job/unsettled-job.ts';
import { indexResult } from '#shared/runner/index-result.ts';
import { aStart } from '#test/support/a-start.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const indexes = { status: 'status', total: 'sum(rows[].amount)', rows: 'rows' };
const ports = { redactionKey: async () => new Uint8Array(32) };
const RESULT = { status: 'ok', rows: [{ amount: 2 }, { amount: 3 }] };

describe('indexResult', () => {
  it('looks values up by JMESPath in the JSON that a result is', async () => {
    const result = new Map<string, unknown>([
      ['at', new Date('2026-11-23T09:00:00Z')],
      ['big', 12n],
    ]);

    expect(await indexResult(result, { indexes: { at: 'at', big: 'big' } }, ports)).toEqual({
      at: '2026-11-23T09:00:00.000Z',
      big: '12',
    });
  });

  it('has null where a path leads to nothing, to no single value, or does not suit what is there', async () => {
    const paths = {
      nothing: 'a.b',
      list: 'rows',
      sum: 'sum(status)',
      broken: '[[',
      total: 'rows[1].amount',
    };

    expect(await indexResult(RESULT, { indexes: paths }, ports)).toEqual({
      nothing: null,
      list: null,
      sum: null,
      broken: null,
      total: 3,
    });
  });

  it('has nothing of a result that is no JSON', async () => {
    expect(await indexResult(() => 1, { indexes }, ports)).toBeUndefined();
  });
});

describe('redacting', () => {
  it('keeps what is taken out of a result out of its indexes too', async () => {
    const result = { card: '4111', user: { name: 'ada' }, total: 3 };
    const redact = { drop: ['/card'], hash: ['/user/name'] };
    const paths = { card: 'card', name: 'user.name', total: 'total' };

    const found = await indexResult(result, { indexes: paths, redact }, ports);

    expect(found).toEqual({ card: null, name: expect.stringMatching(/^hmac:/), total: 3 });
  });
});

describe('a job whose schedule has declared indexes', () => {
  const policy = { resultExpirationTime: 3_600, indexes };
  const settlementOf = (world: RunnerWorld) => world.jobs.row(keyOfStart(aStart()))?.settlement;

  it('is settled with them', async () => {
    const world = new RunnerWorld();

    await world.run(aStart({ policy }), () => RESULT);

    expect(settlementOf(world)?.indexes).toEqual({ status: 'ok', total: 5, rows: null });
    expect(world.jobs.writes).toEqual(['create 1', 'settle 1']);
  });

  it('has them though its result is not kept', async () => {
    const world = new RunnerWorld();

    await world.run(aStart({ policy: { ...policy, resultExpirationTime: 0 } }), () => RESULT);

    expect(settlementOf(world)).toMatchObject({ result: { state: 'off' }, indexes: { total: 5 } });
  });

  it('has none where it failed', async () => {
    const world = new RunnerWorld();

    await world.run(aStart({ policy }), () => {
      throw new Error('no');
    });

    expect(settlementOf(world)).not.toHaveProperty('indexes');
  });

  it('keeps them where its end has to wait in the bucket', async () => {
    const world = new RunnerWorld();
    const jobs = Object.assign(Object.create(world.jobs), {
      settle: async () => Promise.reject(new Error('Throttled')),
    });

    await expect(world.run(aStart({ policy }), () => RESULT, { jobs })).rejects.toThrow(
      'Throttled',
    );

    const [text = ''] = world.unsettled.values();
    expect(parseUnsettledJob(text)?.settlement.indexes).toEqual({
      status: 'ok',
      total: 5,
      rows: null,
    });
  });
});
