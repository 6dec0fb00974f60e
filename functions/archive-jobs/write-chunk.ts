import {
  type ArchivePartition,
  archivedResultKey,
  archiveFileKey,
  archivePartitionOf,
  archivePartitionPrefix,
} from '#shared/domain/archive/archive-place.ts';
import type { ArchiveProgress } from '#shared/domain/archive/archive-progress.ts';
import {
  type ArchivedResult,
  type ArchiveRow,
  archiveRow,
} from '#shared/domain/archive/archive-row.ts';
import { inParallel } from '#shared/domain/in-parallel.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { ResultContent } from '#shared/domain/result/stored-result.ts';
import type { ArchiveFiles } from '#shared/ports/archive.ts';
import type { PayloadCopies, PayloadStore } from '#shared/ports/payload-store.ts';
import { resultText } from '#shared/runner/result-text.ts';

/** What writing files needs. */
export interface WriteChunkPorts {
  readonly payloads: Pick<PayloadStore, 'getResult'>;
  readonly copies: PayloadCopies;
  readonly files: ArchiveFiles;
}

/** A longer JSON would make a row that few readers take; it is copied beside. */
const LARGEST_COLUMN_BYTES = 1_048_576;

/** Tells whether a result is copied as it is: a file, or JSON too long for a column. */
export function isCopied(content: ResultContent): boolean {
  if (content.kind !== 'payload') return false;
  const { encoding, bytes } = content.payload;
  return encoding === undefined || bytes > LARGEST_COLUMN_BYTES;
}

/** Writes a chunk of a shard: a file for each class of its jobs, and before it the copies that its rows name. */
export async function writeChunk(
  jobs: readonly Job[],
  { shard, chunks }: ArchiveProgress,
  ports: WriteChunkPorts,
): Promise<{ readonly files: number; readonly withoutResult: number }> {
  const archived = await inParallel(jobs, (job) => archive(job, ports));
  const partitions = Map.groupBy(
    archived.flatMap((one) => one ?? []),
    ({ partition }) => archivePartitionPrefix(partition),
  );
  for (const all of partitions.values()) {
    const [first] = all;
    if (!first) continue;
    const key = archiveFileKey(first.partition, { shard, chunk: chunks });
    await ports.files.put(
      key,
      all.map(({ row }) => row),
    );
  }
  const withoutResult = archived.filter((one) => one?.isWithoutResult).length;
  return { files: partitions.size, withoutResult };
}

interface Archived {
  readonly partition: ArchivePartition;
  readonly row: ArchiveRow;
  /** Its object has gone before its time. */
  readonly isWithoutResult: boolean;
}

async function archive(job: Job, ports: WriteChunkPorts): Promise<Archived | undefined> {
  const partition = archivePartitionOf(job);
  if (!partition) return undefined;
  const result = await archivedResult(job, partition, ports);
  const row = archiveRow(job, result ?? { kind: 'none' });
  return { partition, row, isWithoutResult: result === undefined };
}

async function archivedResult(
  { key, content }: Job,
  partition: ArchivePartition,
  { payloads, copies }: WriteChunkPorts,
): Promise<ArchivedResult | undefined> {
  if (!content) return { kind: 'none' };
  if (content.kind === 'payload' && isCopied(content)) {
    const to = archivedResultKey(partition, key);
    return (await copies.copy(content.payload, to)) ? { kind: 'object', key: to } : undefined;
  }
  const text = await resultText(content, async () => payloads);
  return text === undefined ? undefined : { kind: 'json', text };
}
