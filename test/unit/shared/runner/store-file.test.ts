import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { resultFile } from '#shared/runner/result-file.ts';
import { type StoreFileContext, storeFile } from '#shared/runner/store-file.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';
import { RunnerWorld } from '#test/support/runner-world.ts';

const MEGABYTE = 1_048_576;

let parts: number[];
let ends: string[];

beforeEach(() => {
  [parts, ends] = [[], []];
});

const payloads = {
  openUpload: () => ({
    put: async (part: Uint8Array) => void parts.push(part.byteLength),
    finish: async () => void ends.push('finished'),
    abort: async () => void ends.push('aborted'),
  }),
};
const place = { key: jobKeyOf('daily-sales', FIRE_TIME), attempt: 1, owner: 'o' };

function store(
  body: Parameters<typeof resultFile>[0]['body'],
  changes: Partial<StoreFileContext> = {},
) {
  return storeFile(
    resultFile({ body, type: 'text/csv' }),
    {
      place,
      policy: { resultExpirationTime: 3_600 },
      keptSeconds: 3_600,
      now: FIRE_TIME,
      signal: new AbortController().signal,
      ...changes,
    },
    payloads,
  );
}

describe('storeFile', () => {
  it.each([
    ['bytes', Buffer.from('a,b\n')],
    ['a text', 'a,b\n'],
    ["Node's stream", Readable.from(['a,', Buffer.from('b\n')])],
    ["the web's stream", new Blob(['a,b\n']).stream()],
  ])('takes %s, as they are', async (_, body) => {
    expect(await store(body)).toEqual({
      state: 'stored',
      bytes: 4,
      content: {
        kind: 'payload',
        payload: {
          key: 'results/1d/daily-sales/20261123T090000Z/1-o',
          type: 'text/csv',
          bytes: 4,
          storedBytes: 4,
          sha256: createHash('sha256').update('a,b\n').digest('hex'),
          keptUntil: '2026-11-24T09:00:00Z',
        },
      },
    });
    expect([parts, ends]).toEqual([[4], ['finished']]);
  });

  it('sends parts of 8 MB and more, but for the last, however the stream is cut', async () => {
    const chunks = Array.from({ length: 21 }, () => Buffer.alloc(MEGABYTE));
    await store(Readable.from(chunks));
    await store(Buffer.alloc(20 * MEGABYTE));

    expect(parts.map((bytes) => bytes / MEGABYTE)).toEqual([8, 8, 5, 8, 8, 4]);
  });

  it('keeps an empty file', async () => {
    expect(await store('')).toMatchObject({ state: 'stored', bytes: 0 });
    expect(parts).toEqual([0]);
  });

  it('gives up a file that is too large, and closes its stream', async () => {
    const stream = Readable.from([Buffer.alloc(60), Buffer.alloc(60), Buffer.alloc(60)]);

    expect(await store(stream, { largestBytes: 100 })).toEqual({ state: 'too-large', bytes: 120 });
    expect([parts, ends, stream.destroyed]).toEqual([[], ['aborted'], true]);
  });

  it('gives up where the attempt is told to end', async () => {
    const abort = new AbortController();
    const body = (async function* () {
      yield Buffer.alloc(9 * MEGABYTE);
      abort.abort(new Error('The time is up.'));
      yield Buffer.alloc(1);
    })();

    await expect(store(body, { signal: abort.signal })).rejects.toThrow('The time is up.');
    expect([parts.length, ends]).toEqual([1, ['aborted']]);
  });

  it('passes on what the stream throws', async () => {
    const body = (async function* () {
      yield 'a';
      throw new Error('The database has gone.');
    })();

    await expect(store(body)).rejects.toThrow('The database has gone.');
    expect(ends).toEqual(['aborted']);
  });

  it.each([
    [{ keptSeconds: 0 }, 'off'],
    [{ policy: { resultExpirationTime: 60, persist: 'on-error' as const } }, 'not-selected'],
    [{ policy: { resultExpirationTime: 60, select: 'a' } }, 'not-selected'],
    [{ policy: { resultExpirationTime: 60, redact: { drop: ['/a'] } } }, 'not-selected'],
  ])('closes a stream of which nothing is to be kept: %j', async (changes, state) => {
    const stream = Readable.from(['a']);

    expect(await store(stream, changes)).toMatchObject({ state });
    expect([parts, ends, stream.destroyed]).toEqual([[], [], true]);
  });
});

describe('a result that is too large for its task', () => {
  it('is not kept, though its job went well', async () => {
    const world = new RunnerWorld();

    await world.run(aStart(), () => 'x'.repeat(100), { largestResultBytes: 100 });

    expect(world.jobs.row(place.key)?.settlement).toMatchObject({
      outcome: 'success',
      result: { state: 'too-large', bytes: 102 },
    });
  });
});
