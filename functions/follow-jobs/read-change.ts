import { isDeparture, isSettle } from '#shared/adapters/dynamodb/is-settle.ts';
import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { isFailure } from '#shared/domain/job/outcome.ts';
import { type Item, itemBytes, writeUnits } from '#shared/domain/result/item-bytes.ts';
import type { ResultContent } from '#shared/domain/result/stored-result.ts';
import { comparableSequence, type JobChange } from '#shared/domain/usage/usage.ts';
import { dayOf } from '#shared/domain/utc-day.ts';
import type { FollowedChange } from './follow-jobs.ts';

/**
 * Reads what a record of the Jobs stream means to those who follow it.
 *
 * @returns `undefined` for a change that is neither the settling of a job nor the removal of a settled one.
 */
export function readChange(change: StreamChange): FollowedChange | undefined {
  const { newItem, oldItem } = change;
  if (isDeparture(change)) return followed('removed', jobFromItem(oldItem), change);
  return isSettle(change) ? followed('settled', jobFromItem(newItem), change) : undefined;
}

function followed(
  kind: JobChange['kind'],
  job: Job,
  change: StreamChange,
): FollowedChange | undefined {
  if (job.outcome === undefined || job.finishedAt === undefined) return undefined;
  return {
    kind,
    scheduleId: job.key.scheduleId,
    day: kind === 'settled' ? job.finishedAt.slice(0, 'YYYY-MM-DD'.length) : dayOf(change.at),
    sequence: comparableSequence(change.sequenceNumber),
    jobId: job.id,
    outcome: job.outcome,
    finishedAt: job.finishedAt,
    writeUnits: writeUnitsOf(job, change),
    ...(kind === 'settled' && job.metrics && { measured: job.metrics }),
    ...(job.content && { stored: stockOf(job.content) }),
  };
}

function stockOf(content: ResultContent): NonNullable<JobChange['stored']> {
  switch (content.kind) {
    case 'text':
      return { tier: 'inline', bytes: Buffer.byteLength(content.text) };
    case 'zstd':
      return { tier: 'inline', bytes: content.data.byteLength };
    case 'payload':
      return { tier: 's3', bytes: content.payload.storedBytes };
  }
}

/** Each attempt is claimed, and all but the last let go: a unit each. An entry of an index takes one; the settle takes what the row does. */
function writeUnitsOf(
  { attempt, outcome, heldBy, expiryDay }: Job,
  { newItem }: StreamChange,
): number {
  if (!newItem) return 0;
  const claims = Math.max(0, 2 * attempt - 1);
  const entries =
    (outcome !== undefined && isFailure(outcome) ? 2 : 1) + (heldBy ? 1 : 0) + (expiryDay ? 1 : 0);
  return claims + entries + writeUnits(itemBytes(newItem as Item));
}
