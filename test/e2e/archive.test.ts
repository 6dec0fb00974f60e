import { gunzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CloudPlay, playOnCloud, type Row } from '#test/support/play-on-cloud.ts';
import { queryArchive } from '#test/support/query-archive.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';

const PARTITION = 'archive/keep=1095d/day=2026-03-02/';

/** A schedule whose results expire on the day of their jobs, and are archived for three years. */
const ARCHIVED = {
  task: 'sales-report',
  resultExpirationTime: '1h',
  archive: { after: 'expiry', keep: '3y' },
};

describe('the archive', () => {
  let play: CloudPlay;
  /** The jobs by their schedules, as the API answered them with their results before they expired. */
  const jobs = new Map<string, { readonly job: Row; readonly result?: unknown }>();

  beforeAll(async () => {
    play = await playOnCloud({ assembly: inject('assembly') });
    await stopSweeps(play, /^(?!.*ArchiveJobs)/);
    const { cloud, fireOnce } = play;
    await runAndRead({ id: 'inline', ...ARCHIVED, metadata: { team: 'sales' } });
    await runAndRead({ id: 'medium', ...ARCHIVED, input: { rows: 5_000 } });
    await runAndRead({ id: 'large', ...ARCHIVED, input: { rows: 20_000 } });
    await runAndRead({ id: 'failing', ...ARCHIVED, task: 'flaky-import', input: { fail: true } });
    await fireOnce({ id: 'plain', task: 'sales-report', resultExpirationTime: '1h' });
    await cloud.clock.advanceTo('2026-03-03T01:42:00Z');
  });

  afterAll(async () => {
    expect(play.refused).toEqual([]);
    await play[Symbol.asyncDispose]();
  });

  async function runAndRead(schedule: Row & { readonly id: string }): Promise<void> {
    const { api, fireOnce } = play;
    const jobId = await fireOnce(schedule);
    const { json: job } = await api.request('GET', `/v1/jobs/${jobId}`);
    const answer = await api.request('GET', `/v1/jobs/${jobId}/result`);
    const link = answer.headers.get('location');
    const result = link === null ? answer.json : await (await fetch(link)).json();
    jobs.set(schedule.id, { job: Object(job), ...(answer.status < 400 && { result }) });
  }

  const idOf = (scheduleId: string) => String(jobs.get(scheduleId)?.job['id']);
  const ask = (scheduleId: string, path = '') =>
    play.api.request('GET', `/v1/jobs/${idOf(scheduleId)}${path}`);

  it('says of each job where it will be, and of an expired result where it is', async () => {
    const expired = await ask('inline', '/result');
    const job = await ask('inline');
    const plain = await play.api.request('GET', '/v1/jobs/plain@20260302T101430Z/result');

    expect(jobs.get('inline')?.job).toMatchObject({ archive: PARTITION });
    expect(expired.status).toBe(410);
    expect(expired.json).toMatchObject({ code: 'result.expired', archive: PARTITION });
    expect(job.json).toMatchObject({ archive: PARTITION, state: 'settled' });
    expect(plain.json).not.toHaveProperty('archive');
  });

  it('has the same jobs and results as the API had, each once, as DuckDB reads them', async () => {
    const rows = await queryArchive(
      play,
      'SELECT *, CAST(epoch(finished_at) AS INTEGER) AS finished FROM jobs ORDER BY job_id',
    );

    expect(rows.map(({ schedule_id: id }) => id)).toEqual(['failing', 'inline', 'large', 'medium']);
    for (const row of rows) {
      const { job = {}, result } = jobs.get(String(row['schedule_id'])) ?? {};
      expect(row).toMatchObject({
        job_id: job['id'],
        task: job['task'],
        outcome: job['outcome'],
        attempt: job['attempt'],
        finished: Date.parse(String(job['finishedAt'])) / 1_000,
        duration_ms: String(job['durationMs']),
        error_message: Object(job['error']).message ?? null,
        keep_days: 1_095,
        keep: '1095d',
        day: '2026-03-02',
      });
      expect(JSON.parse(String(row['metadata']))).toEqual(job['metadata']);
      expect(await resultIn(row)).toEqual(result ?? null);
    }
  });

  async function resultIn(row: Row): Promise<unknown> {
    const { result, result_key: key } = row;
    if (typeof key !== 'string') return JSON.parse(String(result));
    const Bucket = play.cloud.endpoints.bucket;
    const { Body } = await play.s3.send(new GetObjectCommand({ Bucket, Key: key }));
    return JSON.parse(gunzipSync((await Body?.transformToByteArray()) ?? '').toString());
  }

  it('has a result that is too large for a column as an object beside', async () => {
    expect(await play.objectsBelow('archive/keep=1095d/results/')).toEqual([
      'archive/keep=1095d/results/2026-03-02/large/20260302T094430Z',
    ]);
  });

  it('gives a result back whose row is still there, which counts as gone', async () => {
    const body = { jobId: idOf('medium'), resultExpirationTime: '30d' };

    const answer = await play.api.request('POST', '/v1/archive/restore', { body });
    await play.cloud.settle();

    expect(answer.json).toMatchObject({ restored: 1, present: 0 });
    expect((await ask('medium')).json).toMatchObject({ restoredAt: '2026-03-03T01:42:00Z' });
    expect(await play.objectsBelow('results/30d/medium/')).toHaveLength(1);
    expect(await resultOf('medium')).toEqual(jobs.get('medium')?.result);
    expect(await play.objectsBelow('results/1d/medium/')).toEqual([]);
    expect(await usageOf('medium')).toMatchObject({ jobs: { success: 1 }, stored: NOTHING });
  });

  it('outlives the rows, of which nothing but it and what was put back knows any more', async () => {
    await stopSweeps(play);
    await play.cloud.clock.advanceTo('2026-03-07T12:00:00Z');

    expect(await play.rowsOf('inline')).toEqual([]);
    expect(await play.objectsBelow('results/')).toHaveLength(1);
    expect((await ask('inline', '/result')).status).toBe(404);
    expect(await queryArchive(play, 'SELECT count(*) AS jobs FROM jobs')).toEqual([{ jobs: '4' }]);
  });

  it('gives back what has gone, by its day or by the days of its schedule, and takes it away again', async () => {
    const { api, cloud } = play;
    const restore = (body: Row) =>
      api.request('POST', '/v1/archive/restore', { body: { resultExpirationTime: '1d', ...body } });

    const answers = [
      await restore({ jobId: idOf('inline'), day: '2026-03-02' }),
      await restore({ scheduleId: 'large', from: '2026-03-01', to: '2026-03-04' }),
      await restore({ scheduleId: 'failing', from: '2026-03-02', to: '2026-03-02' }),
    ];
    await cloud.settle();

    for (const { json } of answers) expect(json).toMatchObject({ restored: 1, next: null });
    for (const id of ['inline', 'large', 'failing']) {
      const { expiresAt: _e, resultExpiresAt: _r, retentionRule: _w, ...job } = withoutTimes(id);
      expect((await ask(id)).json).toMatchObject(job);
      expect(await resultOf(id)).toEqual(jobs.get(id)?.result);
      expect(await usageOf(id)).toMatchObject({ stored: NOTHING });
    }
    await cloud.clock.advanceBy(86_400 + 600);
    expect((await ask('large', '/result')).status).toBe(404);
    expect(await play.objectsBelow('results/')).toEqual([expect.stringContaining('/medium/')]);
    for (const id of ['inline', 'large'])
      expect(await usageOf(id)).toMatchObject({ stored: NOTHING });
  });

  const NOTHING = { inline: { count: 0, bytes: 0 }, s3: { count: 0, bytes: 0 } };
  const withoutTimes = (scheduleId: string) => jobs.get(scheduleId)?.job ?? {};
  const usageOf = async (scheduleId: string) =>
    (await play.api.request('GET', `/v1/usage/${scheduleId}`)).json;

  async function resultOf(scheduleId: string): Promise<unknown> {
    const answer = await ask(scheduleId, '/result');
    const link = answer.headers.get('location');
    if (link !== null) return (await fetch(link)).json();
    return answer.status === 200 ? answer.json : undefined;
  }
});
