import { beforeAll, expect, it } from 'vitest';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

const DAY = 86_400;

/** What of a result is stored. */
export function resultShape(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  const resultOf = async (jobId: string) =>
    (await play.api.request('GET', `/v1/jobs/${jobId}/result`)).json;

  it('is without what its schedule redacts, hashed under a key that the stack keeps to itself', async () => {
    const { fireOnce, rowsOf } = play;
    const report = { task: 'sales-report', input: { rows: 2 }, resultExpirationTime: '1d' };
    const redact = { hash: ['/rows/*/id'], drop: ['/rows/*/region'] };
    const plain = await fireOnce({ id: 'plain', ...report });

    const jobId = await fireOnce({ id: 'redacted', ...report, redact });
    const again = await fireOnce({ id: 'redacted-again', ...report, redact });

    const [original, redacted] = [Object(await resultOf(plain)), Object(await resultOf(jobId))];
    const [firstRow] = original.rows;
    expect(Object.keys(firstRow)).toEqual(expect.arrayContaining(['region', 'id']));
    expect(redacted.rows).toHaveLength(2);
    expect(redacted.rows[0]).toMatchObject({ id: expect.stringMatching(/^hmac:/) });
    expect(redacted.rows[0]).not.toHaveProperty('region');
    expect(Object(await resultOf(again)).rows).toEqual(redacted.rows);
    expect(JSON.stringify(await rowsOf('redacted'))).not.toContain(firstRow.id);
    expect(await play.rowsOf('#keys', 'schedules')).toMatchObject([{ part: 'redaction' }]);
  });

  it('can be tried on a sample, and read in parts', async () => {
    const { api, fireOnce } = play;
    const policy = { resultExpirationTime: '1d', redact: { hash: ['/rows/*/email'] } };
    const sample = { total: 3, rows: [{ sku: 'a', email: 'ada@example.com' }] };
    const jobId = await fireOnce({
      id: 'parts',
      task: 'sales-report',
      input: { rows: 3 },
      ...policy,
    });
    const result = `/v1/jobs/${jobId}/result`;

    const tried = await api.request('POST', '/v1/retention/simulate', {
      body: { sample, ...policy },
    });
    const selected = await api.request(
      'GET',
      `${result}?select=${encodeURIComponent('rows[0].id')}`,
    );
    const part = await api.request('GET', result, { headers: { range: 'bytes=0-8' } });

    expect(tried.json).toMatchObject({
      resultState: 'stored',
      resultBytes: 70,
      tier: 'row',
      result: { total: 3, rows: [{ sku: 'a', email: expect.stringMatching(/^hmac:/) }] },
    });
    expect(selected.text).toBe('"S-000001"');
    expect([part.status, part.text]).toEqual([206, '{"rows":[']);
    expect(part.headers.get('content-range')).toMatch(/^bytes 0-8\//);
  });

  it('is what its schedule selects, or only a record', async () => {
    const { fireOnce, rowsOf } = play;
    const report = { task: 'sales-report', input: { rows: 3 }, resultExpirationTime: '1d' };

    const selected = await fireOnce({ id: 'selected', ...report, select: 'length(rows)' });
    await fireOnce({ id: 'on-error', ...report, persist: 'on-error' });

    expect(await resultOf(selected)).toBe(3);
    expect(await rowsOf('on-error')).toMatchObject([
      { outcome: 'success', resultState: 'not-selected' },
    ]);
  });

  it('is stored once where it is large and unchanged, as long as a job refers to it, and compared by its steps', async () => {
    const { api, cloud, define, rowsOf, objectsBelow, at } = play;
    const id = 'unchanged';
    const startAt = at(60);
    const sameAs = `${id}@${basic(startAt)}`;
    await define({
      id,
      task: 'sales-report',
      input: { rows: 20_000 },
      resultExpirationTime: '1d',
      persist: 'on-change',
      trigger: { kind: 'interval', every: '12h', startAt, endAt: at(60 + 4 * DAY) },
    });

    await cloud.clock.advanceBy(4 * DAY + 300);

    const rows = await rowsOf(id);
    expect(rows.slice(-2)).toMatchObject([
      { resultState: 'unchanged', sameAs },
      { resultState: 'unchanged', sameAs },
    ]);
    // Those of the first days have gone with their rows, but for what all share.
    expect(await objectsBelow('results/')).toHaveLength(1);
    const listed = await Promise.all(
      ['true', 'false'].map((changed) =>
        api.request('GET', `/v1/schedules/${id}/jobs?changed=${changed}`),
      ),
    );
    // The first, which nothing was before, has expired; so has the oldest that is as it was.
    expect(listed.map(({ json }) => Object(json).data.length)).toEqual([0, 2]);
    const [before, last] = rows.slice(-2).map((row) => `${id}@${basic(row['fireTime'])}`);
    const answer = await api.request('GET', `/v1/jobs/${last}/result`);
    const linked = await fetch(answer.headers.get('location') ?? '');
    expect(Object(await linked.json()).rows).toHaveLength(20_000);
    const diff = await api.request('GET', `/v1/jobs/${before}/diff/${last}`);
    expect(diff).toMatchObject({ status: 200, json: [] });
    // No job is left to share it, and its class has gone by.
    await cloud.clock.advanceBy(16 * DAY);
    expect(await rowsOf(id)).toEqual([]);
    expect(await objectsBelow('results/')).toEqual([]);
  });
}

function basic(fireTime: unknown): string {
  return String(fireTime).replaceAll(/[-:]/g, '');
}
