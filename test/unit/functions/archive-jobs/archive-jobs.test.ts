import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ArchiveWorld, DAY_AFTER } from '#test/support/archive-world.ts';

const KEY = jobKeyOf('daily-sales', FIRE_TIME);
const DAY = 86_400;

describe('archiveJobs', () => {
  it('writes a job that expired yesterday to the day of its class, with its result', async () => {
    const world = new ArchiveWorld();
    world.add(KEY);

    const end = await world.archive();

    expect(end).toEqual({ jobs: 1, files: 1, withoutResult: 0, waiting: 0 });
    expect([...world.files]).toMatchObject([
      [
        expect.stringMatching(/^archive\/keep=365d\/day=2026-11-23\/\d+-0\.parquet$/),
        [
          {
            job_id: 'daily-sales@20261123T090000Z',
            schedule_id: 'daily-sales',
            fire_time: FIRE_TIME,
            outcome: 'success',
            result: '{"rows":20}',
            expired_at: FIRE_TIME,
            keep_days: 365,
          },
        ],
      ],
    ]);
  });

  it('leaves a day alone until an hour after its end', async () => {
    const world = new ArchiveWorld();
    world.add(KEY);
    world.nowSeconds = DAY_AFTER - 42 * 60;

    expect(await world.archive()).toMatchObject({ jobs: 0 });
    world.nowSeconds = DAY_AFTER - 41 * 60;
    expect(await world.archive()).toMatchObject({ jobs: 1 });
  });

  it('writes nothing twice, and leaves no trace of a day without jobs', async () => {
    const world = new ArchiveWorld();
    world.add(KEY);
    await world.archive();
    world.files.clear();

    expect(await world.archive()).toMatchObject({ jobs: 0, files: 0 });
    expect(world.files.size).toBe(0);
    expect(world.progress.size).toBe(1);
  });

  it('writes jobs that are kept for different times to files of their own', async () => {
    const world = new ArchiveWorld();
    world.add(KEY, {}, 365);
    world.add({ ...KEY, fireTime: `${KEY.fireTime}~01ARZ3NDEKTSV4RRFFQ69G5FAV` }, {}, 10);

    await world.archive();

    expect([...world.files.keys()].map((key) => key.split('/')[1]).toSorted()).toEqual([
      'keep=30d',
      'keep=365d',
    ]);
  });

  it('takes a result from the bucket, and copies one that is a file or too large for a column', async () => {
    const world = new ArchiveWorld();
    const text = JSON.stringify({ note: 'x'.repeat(9_000) });
    const small = aPayload({ key: 'results/7d/small', bytes: text.length });
    const large = aPayload({ key: 'results/7d/large', bytes: 1_048_577 });
    const { encoding: _, ...file } = aPayload({
      key: 'results/7d/file',
      type: 'text/csv',
      bytes: 3,
    });
    world.objects.set(small.key, gzipSync(text));
    world.objects.set(large.key, gzipSync('null'));
    world.objects.set(file.key, Buffer.from('a;b'));
    for (const [id, payload] of Object.entries({ small, large, file }))
      world.add({ ...KEY, scheduleId: id }, { content: { kind: 'payload', payload } });

    await world.archive();

    const rows = new Map([...world.files.values()].flat().map((row) => [row.schedule_id, row]));
    expect(rows.get('small')).toMatchObject({ result: text });
    expect(rows.get('large')).toMatchObject({ result_encoding: 'gzip' });
    expect(rows.get('file')).toMatchObject({
      result_key: 'archive/keep=365d/results/2026-11-23/file/20261123T090000Z',
      result_type: 'text/csv',
    });
    expect(rows.get('file')).not.toHaveProperty('result');
    expect([...world.copies.values()].toSorted()).toEqual([file.key, large.key]);
  });

  it('writes a job whose object has gone without its result, and tells of it', async () => {
    const world = new ArchiveWorld();
    world.add(KEY, { content: { kind: 'payload', payload: aPayload() } });

    expect(await world.archive()).toMatchObject({ jobs: 1, withoutResult: 1 });
  });

  it('is left to the invocation that holds a shard, until its lease has ended', async () => {
    const world = new ArchiveWorld();
    world.add(KEY);
    world.dieAt = { call: 2, when: 'before' };
    await expect(world.archive()).rejects.toThrow('died');

    world.nowSeconds += 959;
    expect(await world.archive()).toMatchObject({ jobs: 0, waiting: 1 });
    world.nowSeconds += 1;
    expect(await world.archive()).toMatchObject({ jobs: 1, waiting: 0 });
  });

  it('counts a day again a day later, and writes it anew with the jobs that the index had late', async () => {
    const world = new ArchiveWorld();
    const first = world.add(KEY);
    const same = { ...KEY, fireTime: `${KEY.fireTime}~01ARZ3NDEKTSV4RRFFQ69G5FAV` };
    const late = world.add(same, { expiryDay: first.expiryDay ?? '' });
    world.behind.add(late.id);
    await world.archive();
    world.behind.clear();

    world.nowSeconds += DAY;
    const again = await world.archive();
    const afterwards = await world.archive();

    expect(again).toMatchObject({ jobs: 2, files: 1 });
    expect(world.archived()).toEqual([first.id, late.id]);
    expect(afterwards).toMatchObject({ jobs: 0 });
  });

  it('counts a day no more once it was found whole, and looks at none whose rows may be leaving', async () => {
    const world = new ArchiveWorld();
    world.add(KEY);
    await world.archive();
    world.nowSeconds += DAY;
    await world.archive();

    expect([...world.progress.values()]).toMatchObject([{ phase: 'checked', entries: 1 }]);
    world.add({ ...KEY, scheduleId: 'weekly-sales' });
    world.nowSeconds = DAY_AFTER + 3 * DAY;
    expect(await world.archive()).toMatchObject({ jobs: 0 });
  });
});
