import { beforeAll, expect, it } from 'vitest';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

/** How results are read, and when they go. */
export function results(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  const resultOf = async (jobId: string) => {
    const { status, json } = await play.api.request('GET', `/v1/jobs/${jobId}/result`);
    return { status, code: Object(json).code };
  };

  it('is shown until its time is up, then 410 while the row is there, and 404 once TTL has taken it', async () => {
    const { cloud, fireOnce, rowsOf } = play;
    const id = 'kept-two-hours';
    const jobId = await fireOnce({ id, task: 'sales-report', resultExpirationTime: '2h' });

    await cloud.clock.advanceBy(7_199);
    expect(await resultOf(jobId)).toEqual({ status: 200 });
    await cloud.clock.advanceBy(1);
    expect(await resultOf(jobId)).toEqual({ status: 410, code: 'result.expired' });
    expect(await rowsOf(id)).toHaveLength(1);
    await cloud.clock.advanceBy(600);
    expect(await rowsOf(id)).toHaveLength(0);
    expect(await resultOf(jobId)).toEqual({ status: 404, code: 'job.not-found' });
  });

  it('leaves before its record does where the record is to be kept longer', async () => {
    const { api, cloud, fireOnce } = play;
    const jobId = await fireOnce({
      id: 'record-outlives',
      task: 'sales-report',
      resultExpirationTime: '2h',
      recordExpirationTime: '1d',
    });

    await cloud.clock.advanceBy(3 * 3_600);
    const record = await api.request('GET', `/v1/jobs/${jobId}`);

    expect(await resultOf(jobId)).toEqual({ status: 410, code: 'result.expired' });
    expect(record.json).toMatchObject({ outcome: 'success', resultState: 'stored' });
  });

  it('of 2 MB lies in S3, is read by a link, and goes with its row', async () => {
    const { api, cloud, fireOnce, rowsOf, objectsBelow } = play;
    const id = 'large';
    const input = { rows: 20_000 };
    const jobId = await fireOnce({ id, task: 'sales-report', input, resultExpirationTime: '8d' });

    const [row] = await rowsOf(id);
    const answer = await api.request('GET', `/v1/jobs/${jobId}/result`);
    const linked = await fetch(answer.headers.get('location') ?? '');
    const report = Object(await linked.json());

    expect(row).not.toHaveProperty('result');
    expect(row).not.toHaveProperty('resultZ');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toContain('X-Amz-Signature=');
    expect(report.rows).toHaveLength(20_000);
    expect(await objectsBelow('results/30d/large/')).toHaveLength(1);
    await cloud.clock.advanceBy(8 * 86_400 + 1_200);
    expect(await rowsOf(id)).toEqual([]);
    expect(await objectsBelow('results/')).toEqual([]);
  });

  it('by a link is refused once the link has ended', async () => {
    const { api, cloud, fireOnce } = play;
    const input = { rows: 20_000 };
    const jobId = await fireOnce({
      id: 'linked',
      task: 'sales-report',
      input,
      resultExpirationTime: '1d',
    });
    const answer = await api.request('GET', `/v1/jobs/${jobId}/result`);

    await cloud.clock.advanceBy(301);
    const linked = await fetch(answer.headers.get('location') ?? '');

    expect(linked.status).toBe(403);
  });

  it('with an expiration time of 0 is stored nowhere, and its record is kept for a day', async () => {
    const { api, cloud, fireOnce, rowsOf, objectsBelow } = play;
    const id = 'unkept';
    const input = { rows: 20_000 };
    const jobId = await fireOnce({ id, task: 'sales-report', input, resultExpirationTime: 0 });

    const [row] = await rowsOf(id);
    expect(await resultOf(jobId)).toEqual({ status: 404, code: 'result.not-stored' });
    expect(row).toMatchObject({ outcome: 'success', resultState: 'off' });
    expect(JSON.stringify(row)).not.toContain('S-000001');
    expect(await objectsBelow(`results/1d/${id}/`)).toEqual([]);
    await cloud.clock.advanceBy(86_399);
    expect((await api.request('GET', `/v1/jobs/${jobId}`)).status).toBe(200);
    await cloud.clock.advanceBy(1);
    expect((await api.request('GET', `/v1/jobs/${jobId}`)).status).toBe(404);
  });

  it('of a failure is not there, yet its record is kept as long as the schedule says for errors', async () => {
    const { cloud, fireOnce, rowsOf } = play;
    const id = 'error-kept';

    await fireOnce({
      id,
      task: 'flaky-import',
      input: { fail: true },
      resultExpirationTime: { success: 0, error: '10d', default: '1d' },
    });
    const now = cloud.clock.now();

    expect(await rowsOf(id)).toMatchObject([{ outcome: 'error', expiresAt: now + 10 * 86_400 }]);
  });
}
