import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '#shared/domain/job/job.ts';
import type { ResultContent } from '#shared/domain/result/stored-result.ts';
import { InputUnavailable } from '#shared/runner/input-unavailable.ts';
import { createInputResolver } from '#shared/runner/resolve-input.ts';
import { aJob } from '#test/support/a-job.ts';
import { aStart, FIRE_TIME } from '#test/support/a-start.ts';

const NOW = FIRE_TIME + 60;
const refer = (members: Record<string, unknown> = {}) => ({
  $result: { schedule: 'daily-sales', ...members },
});
const SOURCE = { job: 'daily-sales@20261123T090000Z', finishedAt: '2026-11-23T09:00:02Z' };

let newest: Job | undefined;
let upstream: Job | undefined;
let objects: Map<string, Uint8Array>;
let reads: string[];

beforeEach(() => {
  newest = aJob();
  upstream = undefined;
  objects = new Map();
  reads = [];
});

const resolver = createInputResolver({
  history: async () => ({
    newest: async ({ scheduleId, isSuccessOnly }) => {
      reads.push(`newest ${isSuccessOnly ? 'success' : 'job'} of ${scheduleId}`);
      return newest;
    },
    get: async ({ scheduleId, fireTime }) => {
      reads.push(`${scheduleId} ${fireTime}`);
      return upstream;
    },
  }),
  payloads: async () => ({
    getResult: async (key) => {
      reads.push(key);
      return objects.get(key);
    },
  }),
  now: () => NOW,
});
const resolve = (input: unknown) => resolver.resolve(aStart({ scheduleId: 'invoices', input }));
const refusal = async (input: unknown) => {
  const thrown: unknown = await resolve(input).catch((error: unknown) => error);
  if (!(thrown instanceof InputUnavailable)) throw new Error('Expected a refusal.');
  const { name, message, end, stack } = thrown;
  return { name, message, outcome: end.outcome, isFinal: end.isFinal, stack };
};
const payload = (key: string): ResultContent => ({
  kind: 'payload',
  payload: {
    key,
    bytes: 11,
    storedBytes: 31,
    sha256: 'ab'.repeat(32),
    encoding: 'gzip',
    type: 'application/json',
    keptUntil: '2026-11-24T09:00:05Z',
  },
});

describe('the resolver of inputs', () => {
  it('puts the newest successful result in the place of a reference, and says whose it is', async () => {
    expect(await resolve({ report: refer(), seed: 1 })).toEqual({
      input: { report: { rows: 20 }, seed: 1 },
      inputs: [{ pointer: '/report', ...SOURCE }],
    });
    expect(reads).toEqual(['newest success of daily-sales']);
  });

  it.each<[string, ResultContent]>([
    ['compressed in its row', { kind: 'zstd', data: zstdCompressSync('{"rows":20}') }],
    ['in the bucket', payload('results/1d/a')],
  ])('reads a result that lies %s', async (_, content) => {
    newest = aJob({ content });
    objects.set('results/1d/a', gzipSync('{"rows":20}'));

    expect(await resolve(refer())).toMatchObject({ input: { rows: 20 } });
  });

  it('reads each result once, for however many parts of it', async () => {
    newest = aJob({ content: payload('results/1d/a') });
    objects.set('results/1d/a', gzipSync('{"rows":20,"total":7}'));

    const { input } = await resolve([refer({ select: 'rows' }), refer({ select: 'total' })]);

    expect(input).toEqual([20, 7]);
    expect(reads).toEqual(['newest success of daily-sales', 'results/1d/a']);
  });

  it('asks for the newest job, or for the very one with its own fire time', async () => {
    upstream = aJob();

    await resolve([refer({ pick: 'latest' }), refer({ pick: 'upstream' })]);

    expect(reads).toEqual(['newest job of daily-sales', 'daily-sales 2026-11-23T09:00:00Z']);
  });

  it.each([
    ['nothing.here', null],
    ['constructor', null],
    ['{made: toString, rows: rows}', { rows: 20 }],
  ])('takes of `%s` what is JSON', async (select, value) => {
    const { input } = await resolve(refer({ select }));

    expect(input).toEqual(value);
  });

  it('refuses a stale result as its reference says, and leaves it to a later attempt where that may find another', async () => {
    const fail = await refusal(refer({ maxAge: 30 }));
    const skip = await refusal({ total: refer({ maxAge: 30, onStale: 'skip' }) });
    newest = undefined;

    expect(fail).toEqual({
      name: 'StaleInput',
      message:
        'Expected the result of the latest successful job of daily-sales for the input, got daily-sales@20261123T090000Z, which is 58 s old and may be 30 s.',
      outcome: 'error',
      isFinal: false,
      stack: '',
    });
    expect(skip).toMatchObject({ outcome: 'skipped', message: expect.stringContaining('/total') });
    expect(await refusal(refer({ pick: 'upstream' }))).toMatchObject({
      message:
        'Expected the result of the job of daily-sales that started this one for the input, got no such job.',
      isFinal: true,
    });
  });

  it('takes the old result where the job is to run all the same, and null where there is none', async () => {
    const old = await resolve(refer({ maxAge: 30, onStale: 'run' }));
    newest = aJob({ outcome: 'error' });
    const failed = await resolve(refer({ pick: 'latest', onStale: 'run' }));
    newest = undefined;
    const none = await resolve(refer({ onStale: 'run', select: 'sum(rows)' }));

    expect(old).toEqual({
      input: { rows: 20 },
      inputs: [{ pointer: '', ...SOURCE, isStale: true }],
    });
    expect(failed).toEqual({ input: null, inputs: [{ pointer: '', ...SOURCE, isStale: true }] });
    expect(none).toEqual({ input: null, inputs: [{ pointer: '', isStale: true }] });
  });

  it('treats a result whose object is gone as stale', async () => {
    newest = aJob({ content: payload('results/1d/gone') });

    expect(await refusal(refer())).toMatchObject({
      name: 'StaleInput',
      message: expect.stringContaining('whose result is gone'),
    });
    expect(await resolve(refer({ onStale: 'run' }))).toMatchObject({
      input: null,
      inputs: [{ isStale: true }],
    });
  });

  it('says where an expression does not fit the result', async () => {
    expect(await refusal(refer({ select: 'sum(rows)' }))).toMatchObject({
      name: 'UnfitInput',
      message: expect.stringMatching(
        /^Expected `sum\(rows\)` to fit the result of daily-sales@20261123T090000Z: Invalid argument/,
      ),
      outcome: 'error',
    });
  });

  it('refuses results that are too large together, before it reads them', async () => {
    newest = aJob({ resultBytes: 8 * 1_024 * 1_024 + 1, content: payload('results/1d/huge') });

    expect(await refusal(refer())).toMatchObject({ name: 'LargeInput', outcome: 'error' });
    expect(reads).toEqual(['newest success of daily-sales']);
  });

  it('refuses more references than the API lets in', async () => {
    expect(await refusal(Array.from({ length: 9 }, () => refer()))).toMatchObject({
      name: 'UnfitInput',
      isFinal: true,
    });
    expect(reads).toEqual([]);
  });

  it('ends a job for good whose reference the API would not have let in', async () => {
    expect(await refusal(refer({ pick: 'first' }))).toMatchObject({
      name: 'UnfitInput',
      isFinal: true,
    });
  });
});
