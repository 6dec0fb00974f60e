import { describe, expect, it } from 'vitest';
import { keyOfStart } from '#shared/domain/job/start.ts';
import { parseUnsettledJob } from '#shared/domain/job/unsettled-job.ts';
import { lookUpResult } from '#shared/runner/look-up-result.ts';
import { aStart } from '#test/support/a-start.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const indexes = { status: 'status', total: 'sum(rows[].amount)', rows: 'rows' };
const metrics = [{ name: 'total', path: 'sum(rows[].amount)' }];
const ports = { redactionKey: async () => new Uint8Array(32) };
const RESULT = { status: 'ok', rows: [{ amount: 2 }, { amount: 3 }] };

describe('lookUpResult', () => {
  it('looks values up by JMESPath in the JSON that a result is', async () => {
    const result = new Map<string, unknown>([
      ['at', new Date('2026-11-23T09:00:00Z')],
      ['big', 12n],
    ]);

    expect(await lookUpResult(result, { indexes: { at: 'at', big: 'big' } }, ports)).toEqual({
      indexes: { at: '2026-11-23T09:00:00.000Z', big: '12' },
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

    expect(await lookUpResult(RESULT, { indexes: paths }, ports)).toEqual({
      indexes: { nothing: null, list: null, sum: null, broken: null, total: 3 },
    });
  });

  it('measures the numbers that paths lead to, and leaves out what is no number', async () => {
    const found = await lookUpResult(
      { ms: 12.5, text: '7', list: [1], none: null, far: 1e300, near: 1e-200, zero: -0 },
      {
        metrics: ['ms', 'text', 'list', 'none', 'far', 'near', 'zero', 'no.such', '[['].map(
          (path, at) => ({ name: `m${at}`, path }),
        ),
      },
      ports,
    );

    expect(found).toEqual({ metrics: { values: { m0: 12.5, m6: 0 } } });
  });

  it('says how long what it has measured is kept, where the schedule does', async () => {
    const found = await lookUpResult(RESULT, { metrics, metricsExpirationTime: 86_400 }, ports);

    expect(found).toEqual({ metrics: { values: { total: 5 }, keptSeconds: 86_400 } });
  });

  it('measures nothing where no path leads to a number', async () => {
    const texts = [{ name: 'status', path: 'status' }];

    expect(await lookUpResult(RESULT, { metrics: texts }, ports)).toEqual({});
  });

  it('has nothing of a result that is no JSON', async () => {
    expect(await lookUpResult(() => 1, { indexes, metrics }, ports)).toEqual({});
  });
});

describe('redacting', () => {
  it('keeps what is taken out of a result out of its indexes and metrics too', async () => {
    const result = { card: '4111', user: { name: 'ada' }, total: 3, pin: 1234, cvc: 99 };
    const redact = { drop: ['/card', '/pin'], hash: ['/user/name', '/cvc'] };
    const paths = { card: 'card', name: 'user.name', total: 'total' };

    const measured = ['pin', 'total', 'cvc'].map((name) => ({ name, path: name }));
    const policy = { indexes: paths, metrics: measured, redact };
    const found = await lookUpResult(result, policy, ports);

    expect(found).toEqual({
      indexes: { card: null, name: expect.stringMatching(/^hmac:/), total: 3 },
      metrics: { values: { total: 3 } },
    });
  });
});

describe('a job whose schedule has declared indexes and metrics', () => {
  const policy = { resultExpirationTime: 3_600, indexes, metrics };
  const measured = { values: { total: 5 } };
  const settlementOf = (world: RunnerWorld) => world.jobs.row(keyOfStart(aStart()))?.settlement;

  it('is settled with them', async () => {
    const world = new RunnerWorld();

    await world.run(aStart({ policy }), () => RESULT);

    expect(settlementOf(world)).toMatchObject({
      indexes: { status: 'ok', total: 5, rows: null },
      metrics: measured,
    });
    expect(world.jobs.writes).toEqual(['create 1', 'settle 1']);
  });

  it('has them though its result is not kept', async () => {
    const world = new RunnerWorld();

    await world.run(aStart({ policy: { ...policy, resultExpirationTime: 0 } }), () => RESULT);

    expect(settlementOf(world)).toMatchObject({
      result: { state: 'off' },
      indexes: { total: 5 },
      metrics: measured,
    });
  });

  it('has none where it failed', async () => {
    const world = new RunnerWorld();

    await world.run(aStart({ policy }), () => {
      throw new Error('no');
    });

    expect(settlementOf(world)).not.toHaveProperty('indexes');
    expect(settlementOf(world)).not.toHaveProperty('metrics');
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
    expect(parseUnsettledJob(text)?.settlement).toMatchObject({
      indexes: { status: 'ok', total: 5, rows: null },
      metrics: measured,
    });
  });
});
