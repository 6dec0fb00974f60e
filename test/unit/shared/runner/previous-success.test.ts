import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Job } from '#shared/domain/job/job.ts';
import type { ResultContent } from '#shared/domain/result/stored-result.ts';
import { findPreviousSuccess } from '#shared/runner/previous-success.ts';
import { aJob } from '#test/support/a-job.ts';
import { aPayload } from '#test/support/a-payload.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const RESULT = { rows: 20 };
const key = { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:05:00Z' };

/** Looks back from five past nine to a job at nine that has kept such a content. */
async function lookBack(
  content: ResultContent | undefined,
  now = FIRE_TIME + 300,
  objects: ReadonlyMap<string, Uint8Array> = new Map(),
) {
  const { content: _, ...bare } = aJob();
  const job: Job = { ...bare, ...(content && { content }) };
  const reads: string[] = [];
  const previous = await findPreviousSuccess(key, {
    history: async () => ({
      successBefore: async () => {
        reads.push('query');
        return bare;
      },
      get: async () => {
        reads.push('get');
        return job;
      },
    }),
    payloads: async () => ({ getResult: async (name) => objects.get(name) }),
    now: () => now,
  });
  return { previous, reads };
}

function payload(objectKey: string): ResultContent {
  return {
    kind: 'payload',
    payload: {
      key: objectKey,
      bytes: 11,
      storedBytes: 31,
      sha256: 'ab'.repeat(32),
      encoding: 'gzip',
      type: 'application/json',
      keptUntil: '2026-11-24T09:00:05Z',
    },
  };
}

describe('findPreviousSuccess', () => {
  it('tells of the job, and reads no result before it is asked for', async () => {
    const { previous, reads } = await lookBack({ kind: 'text', text: JSON.stringify(RESULT) });

    expect(previous).toMatchObject({
      id: 'daily-sales@20261123T090000Z',
      fireTime: '2026-11-23T09:00:00Z',
      finishedAt: '2026-11-23T09:00:02Z',
    });
    expect(reads).toEqual(['query']);
    expect(await previous?.result()).toEqual(RESULT);
    expect(reads).toEqual(['query', 'get']);
  });

  it('finds nothing where nothing has gone well', async () => {
    const previous = await findPreviousSuccess(key, {
      history: async () => ({ successBefore: async () => undefined, get: async () => undefined }),
      payloads: () => Promise.reject(new Error('Expected no payload.')),
      now: () => FIRE_TIME,
    });

    expect(previous).toBeUndefined();
  });

  it('expands a result that is compressed in its row', async () => {
    const { previous } = await lookBack({
      kind: 'zstd',
      data: zstdCompressSync(JSON.stringify(RESULT)),
    });

    expect(await previous?.result()).toEqual(RESULT);
  });

  it('reads a result from the bucket, or none where its object has gone', async () => {
    const objects = new Map([['results/1d/a', gzipSync(JSON.stringify(RESULT))]]);

    const { previous } = await lookBack(payload('results/1d/a'), FIRE_TIME + 300, objects);
    const gone = await lookBack(payload('results/1d/b'), FIRE_TIME + 300, objects);

    expect(await previous?.result()).toEqual(RESULT);
    expect(await gone.previous?.result()).toBeUndefined();
  });

  it('gives a file as its bytes', async () => {
    const { encoding: _, ...file } = aPayload({ key: 'report.csv', type: 'text/csv' });
    const objects = new Map([['report.csv', Buffer.from('a,b')]]);

    const { previous } = await lookBack({ kind: 'payload', payload: file }, undefined, objects);

    expect(await previous?.result()).toEqual(Buffer.from('a,b'));
  });

  it('gives no result that was not kept, or whose time is up', async () => {
    const { previous } = await lookBack(undefined);
    const expired = await lookBack({ kind: 'text', text: '{}' }, FIRE_TIME + 3_602);

    expect(await previous?.result()).toBeUndefined();
    expect(await expired.previous?.result()).toBeUndefined();
  });
});
