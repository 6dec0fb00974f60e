import { beforeAll, expect, it } from 'vitest';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

const DAY = 86_400;

/** How long one job is kept, and how that is changed. */
export function retention(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  const statusOf = async (jobId: string) =>
    (await play.api.request('GET', `/v1/jobs/${jobId}/result`)).status;
  const change = async (jobId: string, body: object) => {
    const answer = await play.api.request('PATCH', `/v1/jobs/${jobId}/retention`, { body });
    await play.cloud.settle();
    return answer;
  };

  it('is told by whose word: of the schedule, by outcome', async () => {
    const { fireOnce, rowsOf } = play;
    const resultExpirationTime = { success: '2h', default: 0 };

    await fireOnce({ id: 'ruled', task: 'sales-report', resultExpirationTime });

    expect(await rowsOf('ruled')).toMatchObject([{ retentionRule: 'schedule:success' }]);
  });

  it('can be shortened to nothing: hidden at once, and deleted when no start can come any more', async () => {
    const { cloud, fireOnce, rowsOf } = play;
    const id = 'shortened';
    const jobId = await fireOnce({ id, task: 'sales-report', resultExpirationTime: '7d' });

    await change(jobId, { resultExpirationTime: 0 });

    expect(await statusOf(jobId)).toBe(410);
    await cloud.clock.advanceBy(3_600);
    expect(await rowsOf(id)).toHaveLength(1);
    await cloud.clock.advanceBy(2 * 3_600);
    expect(await rowsOf(id)).toEqual([]);
  });

  it('is changed for the jobs that are there with the policy of their schedule, at once where that keeps them less', async () => {
    const { api, cloud, fireOnce, rowsOf, objectsBelow } = play;
    const report = { task: 'sales-report', input: { rows: 20_000 }, resultExpirationTime: '1d' };
    const jobId = await fireOnce({ id: 'existing', ...report });
    const path = '/v1/schedules/existing';
    const apply = async (body: object) => {
      const answer = await api.request('PATCH', `${path}?applyToExisting=true`, { body });
      // The first message may overtake the item that it is about, and then comes again five seconds later.
      await cloud.clock.advanceBy(10);
      const { id } = Object(answer.json).backdating;
      return (await api.request('GET', `${path}/backdatings/${id}`)).json;
    };

    const longer = await apply({ resultExpirationTime: '20d' });

    expect(longer).toMatchObject({ state: 'completed', counts: { changed: 1, moved: 1 } });
    expect(await objectsBelow('results/1d/existing/')).toEqual([]);
    expect(await objectsBelow('results/30d/existing/')).toHaveLength(1);
    await cloud.clock.advanceBy(10 * DAY);
    expect(await statusOf(jobId)).toBe(303);
    const shorter = await apply({ resultExpirationTime: '2d', recordExpirationTime: '29d' });
    expect(shorter).toMatchObject({ state: 'completed', counts: { changed: 1, moved: 0 } });
    expect(await statusOf(jobId)).toBe(410);
    const again = await apply({ resultExpirationTime: '20d' });
    expect(again).toMatchObject({ state: 'running' });
    await cloud.clock.advanceBy(600);
    // What has been hidden is not shown again, though its row is there.
    expect(await statusOf(jobId)).toBe(410);
    await cloud.clock.advanceBy(19 * DAY);
    expect(await statusOf(jobId)).toBe(404);
    expect(await rowsOf('existing')).toEqual([]);
    expect(await objectsBelow('results/30d/existing/')).toEqual([]);
    const usage = await api.request('GET', '/v1/usage/existing');
    const none = { count: 0, bytes: 0 };
    expect(usage.json).toMatchObject({ stored: { inline: none, s3: none } });
  });

  it('can be extended beyond the lifecycle of its object, which is copied to a longer class, and pinned', async () => {
    const { api, cloud, fireOnce, rowsOf, objectsBelow } = play;
    const report = { task: 'sales-report', input: { rows: 20_000 }, resultExpirationTime: '1d' };
    const [extended, pinned, plain] = [
      await fireOnce({ id: 'extended', ...report }),
      await fireOnce({ id: 'pinned', ...report }),
      await fireOnce({ id: 'plain', ...report }),
    ];

    await change(extended, { resultExpirationTime: '20d' });
    await change(pinned, { pinned: true });

    expect(await objectsBelow('results/1d/extended/')).toEqual([]);
    expect(await objectsBelow('results/30d/extended/')).toHaveLength(1);
    expect(await objectsBelow('results/3660d/pinned/')).toHaveLength(1);
    // Past the day, and past what the first class keeps.
    await cloud.clock.advanceBy(19 * DAY);
    expect(await statusOf(plain)).toBe(404);
    expect(await objectsBelow('results/1d/')).toEqual([]);
    const answer = await api.request('GET', `/v1/jobs/${extended}/result`);
    const linked = await fetch(answer.headers.get('location') ?? '');
    expect(linked.headers.get('content-type')).toBe('application/json');
    expect(Object(await linked.json()).rows).toHaveLength(20_000);
    await cloud.clock.advanceBy(DAY + 600);
    expect(await rowsOf('extended')).toEqual([]);
    expect(await objectsBelow('results/30d/')).toEqual([]);
    expect(await statusOf(pinned)).toBe(303);
    await change(pinned, { pinned: false });
    expect(await statusOf(pinned)).toBe(410);
    await cloud.clock.advanceBy(600);
    expect(await objectsBelow('results/')).toEqual([]);
  });
}
