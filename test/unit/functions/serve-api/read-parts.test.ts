import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { byteRange } from '#functions/serve-api/byte-range.ts';
import { aJob } from '#test/support/a-job.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { ApiWorld, problemIn } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
  world.nowSeconds = FIRE_TIME + 10;
});

const RESULT = '/v1/jobs/daily-sales@20261123T090000Z/result';
const text = '{"rows":[1,2],"name":"ä"}';
const inline = () => world.addJob(aJob({ content: { kind: 'text', text } }));
const get = (query: string, headers: Record<string, string> = {}) =>
  world.request('GET', `${RESULT}${query}`, { headers });
const select = (expression: string) => get(`?select=${encodeURIComponent(expression)}`);

describe('GET …/result?select=', () => {
  it.each([
    ['rows[0]', '1'],
    ['length(rows)', '2'],
    ['missing', 'null'],
  ])('answers what %s finds', async (expression, found) => {
    inline();

    const answer = await select(expression);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.text).toBe(found);
  });

  it('looks into a result that lies in the bucket, where it is not too large', async () => {
    const payload = aPayload({ bytes: 20 });
    world.objects.set(payload.key, gzipSync('{"total":7}'));
    world.addJob(aJob({ content: { kind: 'payload', payload } }));

    expect((await select('total')).text).toBe('7');
    world.addJob(aJob({ content: { kind: 'payload', payload: aPayload({ bytes: 5_000_000 }) } }));
    expect(problemIn(await select('total')).code).toBe('result.too-large');
  });

  it('refuses a path that is none, one that fails on the result, and a file', async () => {
    inline();
    expect(problemIn(await select('rows[')).faults).toEqual(['/select select.invalid']);
    expect(problemIn(await select('abs(name)')).faults).toEqual(['/select select.invalid']);

    const { encoding: _, ...file } = aPayload({ type: 'text/csv' });
    world.addJob(aJob({ content: { kind: 'payload', payload: file } }));
    expect(problemIn(await select('rows')).code).toBe('result.not-json');
  });
});

describe('GET …/result with a range', () => {
  it.each([
    ['bytes=0-5', 206, '{"rows', 'bytes 0-5/26'],
    ['bytes=-2', 206, '"}', 'bytes 24-25/26'],
    ['bytes=14-999', 206, '"name":"ä"}', 'bytes 14-25/26'],
    // It would cut the ä in two.
    ['bytes=0-22', 200, text, null],
    ['lines=1-2', 200, text, null],
    ['bytes=5-1', 200, text, null],
    ['bytes=0-1,4-5', 200, text, null],
  ] as const)('answers %s with %i', async (...[range, status, body, place]) => {
    inline();

    const answer = await get('', { range });

    expect([answer.status, answer.text]).toEqual([status, body]);
    expect(answer.headers.get('content-range')).toBe(place);
    expect(answer.headers.get('accept-ranges')).toBe('bytes');
  });

  it('refuses one that begins behind the end', async () => {
    inline();

    const answer = await get('', { range: 'bytes=26-' });

    expect([answer.status, problemIn(answer).code]).toEqual([416, 'range.invalid']);
  });
});

describe('byteRange', () => {
  it('of an empty body can be satisfied by no part of it', () => {
    expect(byteRange('bytes=0-0', 0)).toEqual({ kind: 'unsatisfiable' });
    expect(byteRange(undefined, 0)).toEqual({ kind: 'whole' });
  });
});
