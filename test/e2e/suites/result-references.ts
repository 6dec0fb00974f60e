import { beforeAll, expect, it } from 'vitest';
import { reportSales } from '#functions/tasks/sales-report.ts';
import type { CloudPlay, Row } from '#test/support/play-on-cloud.ts';

const KEPT = { task: 'sales-report', resultExpirationTime: '1d' };
const TASK = 'Almanac-dev-task-sales-report';

const refer = (schedule: string, members: Row = {}) => ({ $result: { schedule, ...members } });
/** So many rows as the report of another schedule has. */
const asManyAs = (schedule: string, members: Row = {}) => ({
  rows: refer(schedule, { select: 'length(rows)', ...members }),
});

/** Inputs that refer to results. */
export function resultReferences(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  const rowsInResult = async (id: string): Promise<number> => {
    const { json } = await play.api.request('GET', `/v1/jobs/${id}/result`);
    return Object(json).rows?.length;
  };
  const jobOf = async (id: string): Promise<Row> =>
    Object((await play.api.request('GET', `/v1/jobs/${id}`)).json);

  it('is what the job that started it has returned', async () => {
    const input = asManyAs('upstream', { pick: 'upstream' });
    const trigger = { kind: 'after', schedule: 'upstream' };
    await play.define({ id: 'downstream', trigger, input, ...KEPT });

    const first = await play.fireOnce({ id: 'upstream', input: { rows: 3 }, ...KEPT });
    const id = first.replace('upstream', 'downstream');

    expect(await rowsInResult(id)).toBe(3);
    const { finishedAt } = await jobOf(first);
    expect(await jobOf(id)).toMatchObject({
      outcome: 'success',
      inputs: [{ pointer: '/rows', job: first, finishedAt }],
    });
  });

  it('is a part of a large result, which lies in S3', async () => {
    await play.fireOnce({ id: 'large', input: { rows: 5_000 }, ...KEPT });
    play.cloud.requests.reset();
    const select = 'rows[4999].quantity';

    const id = await play.fireOnce({ id: 'small', input: asManyAs('large', { select }), ...KEPT });

    expect((await play.rowsOf('large'))[0]).toHaveProperty('payload');
    const { quantity } = reportSales({ input: { rows: 5_000 } }).rows[4_999] ?? {};
    expect(await rowsInResult(id)).toBe(quantity);
    const counted = ['PutItem', 'Query', 'GetObject', 'UpdateItem'].map(
      (operation) => `${play.callsOf(TASK, operation)} ${operation}`,
    );
    // One update notes where it came from, one settles.
    expect(counted).toEqual(['1 PutItem', '1 Query', '1 GetObject', '2 UpdateItem']);
  });

  it('ends the job in error, skips it, or lets it run without, where there is none', async () => {
    const fail = await play.fireOnce({ id: 'fail', input: asManyAs('nobody'), ...KEPT });
    const skip = await play.fireOnce({
      id: 'skip',
      input: asManyAs('nobody', { onStale: 'skip' }),
      ...KEPT,
    });
    const run = await play.fireOnce({
      id: 'run',
      input: refer('nobody', { onStale: 'run' }),
      ...KEPT,
    });

    const error = {
      name: 'StaleInput',
      message:
        'Expected the result of the latest successful job of nobody for /rows, got no such job.',
    };
    expect(await jobOf(fail)).toMatchObject({ outcome: 'error', attempt: 1, error });
    expect(await jobOf(skip)).toMatchObject({ outcome: 'skipped', attempt: 1, error });
    expect(await jobOf(run)).toMatchObject({
      outcome: 'success',
      inputs: [{ pointer: '', isStale: true }],
    });
  });

  it('heeds how old a result may be, and takes an older one where it may', async () => {
    const old = await play.fireOnce({ id: 'old', input: { rows: 2 }, ...KEPT });
    const strict = asManyAs('old', { maxAge: '10m' });

    const refused = await play.fireOnce({ id: 'strict', input: strict, ...KEPT });
    const lenient = await play.fireOnce({
      id: 'lenient',
      input: asManyAs('old', { maxAge: '10m', onStale: 'run' }),
      ...KEPT,
    });

    expect(await jobOf(refused)).toMatchObject({
      outcome: 'error',
      error: { name: 'StaleInput', message: expect.stringContaining(old) },
    });
    expect(await jobOf(lenient)).toMatchObject({
      outcome: 'success',
      inputs: [{ pointer: '/rows', job: old, isStale: true }],
    });
    expect(await rowsInResult(lenient)).toBe(2);
  });

  it('is looked for again by the retry policy, and found once it is there', async () => {
    const { cloud, api, define, at } = play;
    const retry = { maxAttempts: 3, delay: 300, factor: 1, maxDelay: 300 };
    await define({ id: 'awaited', trigger: { kind: 'once', at: at(9_000) }, ...KEPT });
    const id = await play.fireOnce({ id: 'awaiting', input: asManyAs('awaited'), retry, ...KEPT });
    const before = await jobOf(id);

    await api.request('POST', '/v1/schedules/awaited/run', { body: { input: { rows: 4 } } });
    await cloud.settle();
    await cloud.clock.advanceBy(600);

    expect(before).toMatchObject({ state: 'retrying', error: { name: 'StaleInput' } });
    expect(await jobOf(id)).toMatchObject({ outcome: 'success', attempt: 2 });
    expect(await rowsInResult(id)).toBe(4);
  });

  it('works for a job that is submitted without a schedule', async () => {
    await play.fireOnce({ id: 'known', input: { rows: 6 }, ...KEPT });

    const { json } = await play.api.request('POST', '/v1/jobs', {
      body: { ...KEPT, input: asManyAs('known') },
    });
    await play.cloud.settle();

    expect(await rowsInResult(String(Object(json).id))).toBe(6);
  });
}
