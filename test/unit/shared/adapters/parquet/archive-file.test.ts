import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIds, decodeJobs } from '#shared/adapters/parquet/decode-archive-file.ts';
import { encodeArchiveFile } from '#shared/adapters/parquet/encode-archive-file.ts';
import { archiveRow } from '#shared/domain/archive/archive-row.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { expiryAttributes } from '#shared/domain/result/expiry-attributes.ts';
import { aJob } from '#test/support/a-job.ts';
import { aPayload } from '#test/support/a-payload.ts';

function fileOf(jobs: readonly Job[]): ArrayBuffer {
  const rows = jobs.map((job) =>
    archiveRow(
      job,
      job.content?.kind === 'text' ? { kind: 'json', text: job.content.text } : { kind: 'none' },
    ),
  );
  return Uint8Array.from(encodeArchiveFile(rows)).buffer;
}

/** What the archive does not have of a job: its content, its holder, and the times that have passed. */
function asArchived(job: Job): Partial<Job> {
  const { content: _c, owner: _o, expiresAt: _e, resultExpiresAt: _r, ...rest } = job;
  return rest;
}

const DAY = '2026-11-24T09:00:00Z';

const anyName = fc.stringMatching(/^[a-z]{1,8}$/);

/** JSON has no -0. */
const asJson = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  JSON.parse(JSON.stringify(value));

const anyJob: fc.Arbitrary<Job> = fc
  .record({
    scheduleId: fc.constantFrom('daily-sales', 'task:sales-report'),
    suffix: fc.constantFrom('', '~01ARZ3NDEKTSV4RRFFQ69G5FAV'),
    outcome: fc.constantFrom('success', 'error', 'skipped' as const),
    attempt: fc.integer({ min: 0, max: 100 }),
    durationMs: fc.option(fc.integer({ min: 0, max: 900_000 }), { nil: undefined }),
    metadata: fc.dictionary(anyName, fc.jsonValue()).map(asJson),
    text: fc.json(),
    error: fc.option(fc.record({ name: fc.string(), message: fc.string() }), { nil: undefined }),
    indexes: fc.dictionary(anyName, fc.oneof(fc.string(), fc.integer(), fc.constant(null))),
  })
  .map(({ scheduleId, suffix, durationMs, error, text, ...rest }) => {
    const key = { scheduleId, fireTime: `2026-11-23T09:00:00Z${suffix}` };
    const at = Date.parse(DAY) / 1_000;
    const times = { resultExpiresAt: at, expiresAt: at, archiveDays: 365 };
    const { durationMs: _, ...job } = aJob({
      key,
      ...rest,
      archiveDays: 365,
      ...expiryAttributes(key, times, 0),
      content: { kind: 'text', text },
      ...(error && { error }),
    });
    return { ...job, ...(durationMs !== undefined && { durationMs }) };
  });

describe('a file of the archive', () => {
  it('gives back the jobs that were written to it, in their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyJob, { minLength: 1, maxLength: 8 }), async (jobs) => {
        const file = fileOf(jobs);

        const ids = await decodeIds(file);
        const read = await decodeJobs(
          file,
          jobs.map((_, at) => at),
        );

        expect(ids).toEqual(jobs.map(({ id }) => id));
        expect(read.map(({ job }) => job)).toEqual(jobs.map(asArchived));
        expect(read.map(({ result }) => result)).toEqual(
          jobs.map(({ content }) => ({ kind: 'json', text: Object(content).text })),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('is the same for the same jobs, and read in part', async () => {
    const jobs = Array.from({ length: 1_100 }, (_, at) => {
      const suffix = String(at).padStart(26, '0');
      return aJob({
        key: { scheduleId: 'daily-sales', fireTime: `2026-11-23T09:00:00Z~${suffix}` },
      });
    });
    const file = fileOf(jobs);

    const read = await decodeJobs(file, [999, 1_000, 1_099]);

    expect(Buffer.from(fileOf(jobs)).equals(Buffer.from(file))).toBe(true);
    expect(read.map(({ job }) => job.id)).toEqual([999, 1_000, 1_099].map((at) => jobs[at]?.id));
  });

  it('names the object of a result that is none of its columns', async () => {
    const payload = aPayload({ type: 'text/csv', name: 'sales.csv', bytes: 11 });
    const { encoding: _, keptUntil: __, ...file } = payload;
    const job = aJob({ content: { kind: 'payload', payload: { ...file, keptUntil: DAY } } });
    const row = archiveRow(job, { kind: 'object', key: 'archive/keep=30d/results/x' });

    const [read] = await decodeJobs(Uint8Array.from(encodeArchiveFile([row])).buffer, [0]);

    expect(read?.result).toEqual({
      kind: 'object',
      payload: { ...file, key: 'archive/keep=30d/results/x' },
    });
  });
});
