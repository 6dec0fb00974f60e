import { zstdDecompressSync } from 'node:zlib';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import {
  archivePartitionOf,
  archivePartitionPrefix,
} from '#shared/domain/archive/archive-place.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { parseJobId } from '#shared/domain/job/job-key.ts';
import { LARGEST_INLINE_JSON_BYTES } from '#shared/domain/result/decide-tier.ts';
import type { PayloadPointer, ResultContent } from '#shared/domain/result/stored-result.ts';
import type { JobReader } from '#shared/ports/job-store.ts';

/** What a request for a result finds. */
export type FoundResult =
  | { readonly kind: 'unfinished'; readonly job: Job }
  | { readonly kind: 'json'; readonly text: string; readonly expiresInSeconds: number }
  | {
      readonly kind: 'payload';
      readonly job: Job;
      readonly payload: PayloadPointer;
      readonly expiresInSeconds: number;
    };

/**
 * Finds a job by the id in an address.
 *
 * A job whose own time is up is not shown, though DynamoDB may take days to delete it.
 *
 * @throws {AlmanacError} `job.not-found`
 */
export async function findJob(
  id: string,
  now: EpochSeconds,
  reader: Pick<JobReader, 'get'>,
): Promise<Job> {
  const job = await findRow(id, reader);
  if (job.expiresAt !== undefined && job.expiresAt <= now) throw notFound(id);
  return job;
}

/**
 * Finds a job's result.
 *
 * @throws {AlmanacError} `job.not-found`; `result.expired` from the instant it expires for as long as the row is there;
 * `result.not-stored` where there was none to keep.
 */
export async function findResult(
  id: string,
  now: EpochSeconds,
  reader: Pick<JobReader, 'get'>,
): Promise<FoundResult> {
  const job = await findRow(id, reader);
  if (job.state !== 'settled') return { kind: 'unfinished', job };
  const until = job.resultExpiresAt;
  if (until !== undefined && until <= now) throw expired(job);
  if (job.content === undefined || until === undefined) {
    if (job.expiresAt !== undefined && job.expiresAt <= now) throw notFound(id);
    throw notStored(job);
  }
  return contentOf(job, job.content, until - now);
}

async function findRow(id: string, reader: Pick<JobReader, 'get'>): Promise<Job> {
  const key = parseJobId(id);
  const job = key && (await reader.get(key));
  if (!job) throw notFound(id);
  return job;
}

function contentOf(job: Job, content: ResultContent, expiresInSeconds: number): FoundResult {
  if (content.kind === 'payload')
    return { kind: 'payload', job, payload: content.payload, expiresInSeconds };
  return { kind: 'json', text: inlineTextOf(content) ?? 'null', expiresInSeconds };
}

/** Reads the JSON of a result that lies in its row; `undefined` where it lies in the bucket. */
export function inlineTextOf(content: ResultContent): string | undefined {
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'zstd':
      return zstdDecompressSync(content.data, {
        maxOutputLength: LARGEST_INLINE_JSON_BYTES,
      }).toString();
    case 'payload':
      return undefined;
  }
}

function notFound(id: string): AlmanacError {
  return new AlmanacError('job.not-found', `Expected a job \`${id.slice(0, 128)}\`, got none.`);
}

/** Makes the refusal of what is asked of a result whose time is up; it names where in the archive the result is. */
export function expired(job: Job): AlmanacError {
  const sentence = `Expected the result of \`${job.id}\` to be within its expiration time, got a later request.`;
  const partition = archivePartitionOf(job);
  if (!partition)
    return new AlmanacError(
      'result.expired',
      `${sentence} Set a longer \`resultExpirationTime\` to keep the next ones longer.`,
    );
  const archive = archivePartitionPrefix(partition);
  return new AlmanacError(
    'result.expired',
    `${sentence} It is in the archive, below \`${archive}\`, from the night after its expiry on.`,
    { members: { archive } },
  );
}

function notStored(job: Job): AlmanacError {
  const because =
    job.resultState === 'off'
      ? 'its schedule keeps none: set `resultExpirationTime`'
      : (job.resultReason ?? job.error?.message ?? `the job ended as ${job.outcome}`);
  return new AlmanacError(
    'result.not-stored',
    `Expected \`${job.id}\` to have a stored result, got none: ${because.replace(/\.$/, '')}.`,
  );
}
