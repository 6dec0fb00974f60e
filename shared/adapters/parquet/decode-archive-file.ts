import type { AsyncBuffer } from 'hyparquet';
import * as z from 'zod';
import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import { ARCHIVE_COLUMNS } from '#shared/domain/archive/archive-row.ts';
import type { ArchivedJob } from '#shared/domain/archive/restored-item.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { dayShard, partitionOf } from '#shared/domain/job/job-index.ts';
import { parseJobId } from '#shared/domain/job/job-key.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
const number = z
  .union([z.number(), z.bigint()])
  .nullish()
  .transform((value) => (value == null ? undefined : Number(value)));
const instant = z
  .date()
  .nullish()
  .transform((value) => (value == null ? undefined : value.getTime() / 1_000));
const json = text.transform((value): unknown =>
  value === undefined ? undefined : JSON.parse(value),
);

/** Which parser reads a column, by its type; those that hold JSON are read as what it says. */
const PARSERS = { string: text, int: number, bigint: number, timestamp: instant } as const;
const JSON_COLUMNS = {
  attempts: json,
  inputs: json,
  cancel_requested: json,
  indexes: json,
} as const;

/** A row as a file has it; a column that an older file lacks is absent. */
const archivedRow = z.looseObject({
  job_id: z.string(),
  result: text,
  result_key: text,
  result_type: text,
  result_name: text,
  result_encoding: z.literal('gzip').nullish(),
  result_stored_bytes: number,
  result_sha256: text,
});

type Cells = Readonly<Record<string, unknown>>;

/** Reads the ids of a file's jobs: one column of it. */
export async function decodeIds(file: AsyncBuffer): Promise<readonly string[]> {
  const { parquetReadObjects } = await import('hyparquet');
  const rows: readonly unknown[] = await parquetReadObjects({ file, columns: ['job_id'] });
  return rows.map((row) => archivedRow.parse(row).job_id);
}

/**
 * Reads some of a file's jobs.
 *
 * @param rows - Their places, in order, one at least.
 * @throws a schema error for a file that Almanac did not write.
 */
export async function decodeJobs(
  file: AsyncBuffer,
  rows: readonly number[],
): Promise<readonly ArchivedJob[]> {
  const { parquetReadObjects } = await import('hyparquet');
  const [rowStart = 0] = rows;
  const rowEnd = (rows.at(-1) ?? rowStart) + 1;
  const read: readonly unknown[] = await parquetReadObjects({ file, rowStart, rowEnd });
  return rows.map((row) => archivedJob(read[row - rowStart]));
}

function archivedJob(row: unknown): ArchivedJob {
  const { result, result_key: key, ...rest } = archivedRow.parse(row);
  const job = jobFromItem(itemOf(rest));
  if (result !== undefined) return { job, result: { kind: 'json', text: result } };
  if (key === undefined) return { job, result: { kind: 'none' } };
  const { result_type, result_name, result_encoding, result_stored_bytes, result_sha256 } = rest;
  const payload = {
    key,
    bytes: job.resultBytes ?? 0,
    storedBytes: result_stored_bytes ?? 0,
    sha256: result_sha256 ?? '',
    type: result_type ?? 'application/octet-stream',
    ...(result_name !== undefined && { name: result_name }),
    ...(result_encoding === 'gzip' && { encoding: result_encoding }),
  };
  return { job, result: { kind: 'object', payload } };
}

/** Writes a row as the item that its job had, which what reads items then checks. */
function itemOf(row: Cells & { readonly job_id: string }): Cells {
  const key = parseJobId(row.job_id);
  if (!key) throw new Error(`Expected \`job_id\` to be the id of a job, got ${row.job_id}.`);
  const read = (name: keyof typeof ARCHIVE_COLUMNS) => parserOf(name).parse(row[name]);
  const at = (name: keyof typeof ARCHIVE_COLUMNS) => isoOf(read(name));
  const expiredAt = instant.parse(row['expired_at']);
  return withoutAbsent({
    ...key,
    state: 'settled',
    task: read('task'),
    revision: read('revision'),
    deliverBy: read('deliver_by'),
    outcome: read('outcome'),
    attempt: read('attempt'),
    startedAt: at('started_at'),
    finishedAt: at('finished_at'),
    durationMs: read('duration_ms'),
    error: errorOf(row),
    attempts: read('attempts'),
    inputs: read('inputs'),
    cancelRequested: read('cancel_requested'),
    metadata: read('metadata'),
    indexes: read('indexes'),
    resultState: read('result_state'),
    resultReason: read('result_reason'),
    resultBytes: read('result_bytes'),
    resultHash: read('result_hash'),
    sameAs: read('same_as'),
    archiveDays: read('keep_days'),
    expiryAt: isoOf(expiredAt),
    expiryDay: expiredAt === undefined ? undefined : partitionOf(expiredAt, dayShard(key)),
  });
}

function parserOf(name: keyof typeof ARCHIVE_COLUMNS) {
  const parsers: Readonly<Record<string, z.ZodType>> = JSON_COLUMNS;
  return parsers[name] ?? PARSERS[ARCHIVE_COLUMNS[name]];
}

function errorOf(row: Cells): Cells | undefined {
  const [name, message] = [text.parse(row['error_name']), text.parse(row['error_message'])];
  if (name === undefined) return undefined;
  return withoutAbsent({ name, message: message ?? '', stack: text.parse(row['error_stack']) });
}

function isoOf(value: unknown): string | undefined {
  const seconds: EpochSeconds | undefined = z.number().optional().parse(value);
  return seconds === undefined ? undefined : toIso(seconds);
}

function withoutAbsent(cells: Cells): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== undefined));
}
