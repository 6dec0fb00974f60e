import { beforeAll, expect, it } from 'vitest';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

const DAY = 86_400;

/** How a schedule keeps its newest results. */
export function keepLast(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  const run = async (id: string, input: object) => {
    const { api, cloud } = play;
    const { json } = await api.request('POST', `/v1/schedules/${id}/run`, { body: { input } });
    await cloud.clock.advanceBy(60);
    return String(Object(json).id);
  };
  const resultsOf = async (jobIds: readonly string[]) =>
    Promise.all(
      jobIds.map(async (id) => (await play.api.request('GET', `/v1/jobs/${id}/result`)).status),
    );
  /** Never due while the test runs: its jobs are asked for. */
  const never = () => ({ kind: 'once', at: play.at(300 * DAY) });

  it('keeps at least the newest results, though their own time is 0, and lets those before go', async () => {
    const { define, objectsBelow, rowsOf, cloud } = play;
    const id = 'last-two';
    await define({ id, task: 'sales-report', trigger: never(), keepLast: 2 });
    const jobs: string[] = [];
    for (const rows of [1, 20_000, 2, 20_000]) jobs.push(await run(id, { rows }));

    expect(await resultsOf(jobs)).toEqual([410, 410, 200, 303]);
    await cloud.clock.advanceBy(40 * DAY);
    expect(await resultsOf(jobs)).toEqual([404, 404, 200, 303]);
    expect(await rowsOf(id)).toMatchObject([
      { retentionRule: 'schedule:keepLast' },
      { retentionRule: 'schedule:keepLast' },
    ]);
    // The displaced job's object went with its row, by its own key.
    expect(await objectsBelow('results/')).toHaveLength(1);
  });

  it('keeps the last success besides, however often it has failed since', async () => {
    const { define, rowsOf, cloud } = play;
    const id = 'last-success';
    const policies = { keepLast: 1, keepLastSuccess: true, resultExpirationTime: '1h' };
    await define({ id, task: 'flaky-import', trigger: never(), ...policies });
    const jobs = [await run(id, {}), await run(id, {}), await run(id, { fail: true })];
    jobs.push(await run(id, { fail: true }));

    await cloud.clock.advanceBy(2 * DAY);

    expect(await resultsOf(jobs)).toEqual([404, 200, 404, 404]);
    expect(await rowsOf(id)).toMatchObject([
      { outcome: 'success', ownExpiry: { rule: 'schedule:default' } },
      { outcome: 'error', ownExpiry: { rule: 'schedule:default' } },
    ]);
  });

  it('leaves alone what someone has pinned, and lets all go once the schedule no longer keeps any', async () => {
    const { api, define, rowsOf, cloud } = play;
    const id = 'let-go';
    const body = { task: 'sales-report', trigger: never(), resultExpirationTime: '1h' };
    await define({ id, ...body, keepLast: 3 });
    const jobs = [
      await run(id, { rows: 1 }),
      await run(id, { rows: 2 }),
      await run(id, { rows: 3 }),
    ];
    await api.request('PATCH', `/v1/jobs/${jobs[0]}/retention`, { body: { pinned: true } });

    const changed = await api.request('PUT', `/v1/schedules/${id}`, { body });
    jobs.push(await run(id, { rows: 4 }));
    await cloud.clock.advanceBy(DAY);

    expect(changed.json).not.toHaveProperty('keepLast');
    expect(await resultsOf(jobs)).toEqual([200, 404, 404, 404]);
    expect(await rowsOf(id)).toMatchObject([{ retentionRule: 'job:pinned' }]);
  });
}
