import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';

/** How a column's values are stored, in the words of Athena's tables. */
export type ArchiveType = 'string' | 'int' | 'bigint' | 'timestamp';

/** The columns of the archive, in their order; a later one is added at the end, as the files that are there lack it. */
export const ARCHIVE_COLUMNS = {
  job_id: 'string',
  schedule_id: 'string',
  task: 'string',
  fire_time: 'timestamp',
  outcome: 'string',
  attempt: 'int',
  started_at: 'timestamp',
  finished_at: 'timestamp',
  duration_ms: 'bigint',
  revision: 'int',
  deliver_by: 'timestamp',
  error_name: 'string',
  error_message: 'string',
  error_stack: 'string',
  /** JSON, as `inputs`, `cancel_requested`, `metadata`, `indexes`, `metrics` and `result` are. */
  attempts: 'string',
  inputs: 'string',
  cancel_requested: 'string',
  metadata: 'string',
  indexes: 'string',
  metrics: 'string',
  result_state: 'string',
  result_reason: 'string',
  result_bytes: 'bigint',
  result_hash: 'string',
  same_as: 'string',
  result: 'string',
  /** Where a result lies that is too large for a column, or is a file; and what it is. */
  result_key: 'string',
  result_type: 'string',
  result_name: 'string',
  result_encoding: 'string',
  result_stored_bytes: 'bigint',
  result_sha256: 'string',
  retention_rule: 'string',
  expired_at: 'timestamp',
  keep_days: 'int',
} as const satisfies Record<string, ArchiveType>;

export type ArchiveColumn = keyof typeof ARCHIVE_COLUMNS;

/** A job as the archive has it: an instant is {@link EpochSeconds}, and what a job does not have is left out. */
export type ArchiveRow = {
  readonly [Name in ArchiveColumn]?: (typeof ARCHIVE_COLUMNS)[Name] extends 'string'
    ? string
    : number;
} & { readonly job_id: string };

/** Where an archived job's result is: nowhere, in its row, or beside as an object. */
export type ArchivedResult =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'object'; readonly key: string };

/** Writes a settled job as a row of the archive. */
export function archiveRow(job: Job, result: ArchivedResult): ArchiveRow {
  return withoutAbsent({
    job_id: job.id,
    schedule_id: job.key.scheduleId,
    task: job.task,
    fire_time: fireTimeOf(job.key),
    outcome: job.outcome,
    attempt: job.attempt,
    started_at: instantOf(job.startedAt),
    finished_at: instantOf(job.finishedAt),
    duration_ms: job.durationMs,
    revision: job.revision,
    deliver_by: job.deliverBy,
    error_name: job.error?.name,
    error_message: job.error?.message,
    error_stack: job.error?.stack,
    attempts: jsonOf(job.attempts),
    inputs: jsonOf(job.inputs),
    cancel_requested: jsonOf(job.cancelRequested),
    metadata: jsonOf(job.metadata),
    ...resultColumns(job, result),
    retention_rule: job.retentionRule,
    expired_at: instantOf(job.expiryAt),
    keep_days: job.archiveDays,
  });
}

function resultColumns(job: Job, result: ArchivedResult) {
  return {
    indexes: jsonOf(job.indexes),
    metrics: jsonOf(job.metrics?.values),
    result_state: job.resultState,
    result_reason: job.resultReason,
    result_bytes: job.resultBytes,
    result_hash: job.resultHash,
    same_as: job.sameAs,
    result: result.kind === 'json' ? result.text : undefined,
    ...(result.kind === 'object' && { result_key: result.key, ...objectColumns(job) }),
  };
}

function objectColumns({ content }: Job) {
  if (content?.kind !== 'payload') return {};
  const { type, name, encoding, storedBytes, sha256 } = content.payload;
  return {
    result_type: type,
    result_name: name,
    result_encoding: encoding,
    result_stored_bytes: storedBytes,
    result_sha256: sha256,
  };
}

type MaybeAbsent = { readonly [Name in keyof ArchiveRow]?: ArchiveRow[Name] | undefined } & {
  readonly job_id: string;
};

function withoutAbsent({ job_id, ...columns }: MaybeAbsent): ArchiveRow {
  const present = Object.entries(columns).filter(([, value]) => value !== undefined);
  return { job_id, ...Object.fromEntries(present) };
}

function instantOf(iso: string | undefined): EpochSeconds | undefined {
  return iso === undefined ? undefined : fromIso(iso);
}

function jsonOf(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
