import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CloudPlay, playOnCloud } from '#test/support/play-on-cloud.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';

/** A result of 2 MB, which lies in the bucket. */
const LARGE = { task: 'sales-report', input: { rows: 20_000 }, resultExpirationTime: '30d' };

/** Longer than anything can be under way. */
const OVER_SECONDS = 26 * 3_600;

describe('an audit of the payload bucket', () => {
  let play: CloudPlay;
  let keptId: string;
  let lostId: string;

  beforeAll(async () => {
    play = await playOnCloud({ assembly: inject('assembly') });
    await stopSweeps(play, /Sweep/);
    keptId = await play.fireOnce({ id: 'kept', ...LARGE });
    lostId = await play.fireOnce({ id: 'lost', ...LARGE });
    const [lost = ''] = await play.objectsBelow('results/30d/lost/');
    await play.s3.send(new DeleteObjectCommand({ Bucket: play.cloud.endpoints.bucket, Key: lost }));
  });

  afterAll(async () => {
    await play[Symbol.asyncDispose]();
  });

  const put = (Key: string, Body = '{}') =>
    play.s3.send(new PutObjectCommand({ Bucket: play.cloud.endpoints.bucket, Key, Body }));
  const audit = async (body?: { readonly repair: boolean }) => {
    const begun = await play.api.request('POST', '/v1/audits', body && { body });
    expect(begun.status).toBe(202);
    await play.cloud.settle();
    return Object((await play.api.request('GET', begun.headers.get('location') ?? '')).json);
  };
  const statusOfResult = async (jobId: string) =>
    (await play.api.request('GET', `/v1/jobs/${jobId}/result`)).status;

  it('finds a planted orphan, an end that was written, and a missing result, and touches nothing where it is not told to', async () => {
    const orphan = 'results/7d/gone/20260302T080000Z/1-planted00001';
    const leftover = 'unsettled/kept/20260302T091430Z/1-planted00002';
    await put(orphan);
    await put(leftover);
    await put('results/7d/readme.txt');
    await play.cloud.clock.advanceBy(OVER_SECONDS);

    const report = await audit();

    expect(report).toMatchObject({
      state: 'done',
      by: expect.stringContaining('arn:'),
      repair: false,
      orphans: { objects: 1, bytes: 2, repaired: 0, examples: [orphan] },
      unsettled: { leftovers: { objects: 1, repaired: 0, examples: [leftover] } },
      unknown: { examples: ['results/7d/readme.txt'] },
      missing: { jobs: 1, examples: [lostId] },
      settledJobs: { count: 2, compared: 2, notCompared: 0 },
    });
    expect(report.results.byClass['30d'].objects).toBe(1);
    expect(report.results.largest[0]).toMatchObject({ scheduleId: 'kept', class: '30d' });
    expect(report.leaving.byDay).toMatchObject({ '2026-04-01': { jobs: 2, objects: 2 } });
    expect(await play.objectsBelow('')).toHaveLength(4);
  });

  it('deletes the garbage where it is told to, and nothing else', async () => {
    const report = await audit({ repair: true });

    expect(report).toMatchObject({
      orphans: { objects: 1, repaired: 1 },
      unsettled: { leftovers: { objects: 1, repaired: 1 } },
      missing: { jobs: 1 },
    });
    expect(await play.objectsBelow('')).toEqual([
      expect.stringMatching(/^results\/30d\/kept\//),
      'results/7d/readme.txt',
    ]);
    expect(await statusOfResult(keptId)).toBe(303);
  });

  it('keeps the object of a settle that has not come through, until another attempt has settled', async () => {
    const { cloud, fireOnce, objectsBelow } = play;
    cloud.faults.add({
      service: 'dynamodb',
      operation: 'UpdateItem',
      caller: 'Almanac-dev-task-sales-report',
      nth: 1,
      when: 'before',
      do: 'kill',
    });
    const retry = { maxAttempts: 2, delay: 30 };
    const jobId = await fireOnce({ id: 'killed', ...LARGE, retry });
    const [first = ''] = await objectsBelow('results/30d/killed/');

    expect((await audit({ repair: true })).pending).toMatchObject({ objects: 1 });
    expect(await objectsBelow('results/30d/killed/')).toEqual([first]);
    await cloud.clock.advanceBy(900);
    expect(await statusOfResult(jobId)).toBe(303);
    expect(await objectsBelow('results/30d/killed/')).toHaveLength(2);
    await cloud.clock.advanceBy(OVER_SECONDS);
    await audit({ repair: true });

    const left = await objectsBelow('results/30d/killed/');
    expect(left).toHaveLength(1);
    expect(left).not.toContain(first);
    expect(await statusOfResult(jobId)).toBe(303);
  });

  it('comes each night by itself, repairs, and is listed with those that were asked for', async () => {
    const orphan = 'results/7d/gone/20260302T080000Z/1-planted00003';
    await put(orphan);
    await play.cloud.clock.advanceBy(2 * 86_400);

    const { json } = await play.api.request('GET', '/v1/audits?limit=100');

    const data: readonly { readonly id: string }[] = Object(json).data;
    const nightly = data.filter(({ id }) => /^\d{4}-\d{2}-\d{2}$/.test(id));
    expect(nightly[0]).toMatchObject({ state: 'done', by: 'almanac', repair: true });
    expect(nightly.length).toBeGreaterThanOrEqual(4);
    expect(data.map(({ id }) => id)).toEqual(
      data
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    expect(await play.objectsBelow('results/7d/gone/')).toEqual([]);
  });

  it('calls nothing that its role does not allow', () => {
    expect(play.refused).toEqual([]);
  });
});
