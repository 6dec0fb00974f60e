import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { IndexCondition, JobFilter } from '#shared/domain/job/job-filter.ts';
import { dayShard } from '#shared/domain/job/job-index.ts';
import { tagsOf } from '#shared/domain/job/job-tags.ts';
import { isFailure } from '#shared/domain/job/outcome.ts';
import type { SettledJob } from '#shared/domain/job/settled-job.ts';
import type { IndexValues } from '#shared/domain/result/index-value.ts';
import type { JobListing, JobPage } from '#shared/ports/job-store.ts';
import type { ShardPage, ShardReading } from '#shared/ports/settled-jobs.ts';
import { refuseLongKey } from '#test/support/memory-schedule-store.ts';

/** Lists as DynamoDB does: looks at so many rows, and gives those of them that the filter lets pass. */
export function listFromMemory(listing: JobListing, all: readonly Job[]): JobPage {
  const { scheduleId, filter, from, to, limit, after = '~', now } = listing;
  refuseLongKey(scheduleId);
  const rows = all
    .filter(({ key }) => key.scheduleId === scheduleId && key.fireTime < after)
    .filter(({ key }) => from === undefined || key.fireTime >= toIso(from))
    .filter(({ key }) => to === undefined || key.fireTime <= `${toIso(to)}~~`)
    .toSorted((one, other) => (one.key.fireTime < other.key.fireTime ? 1 : -1));
  const looked = rows.slice(0, limit);
  const next = rows.length > limit ? looked.at(-1)?.key.fireTime : undefined;
  return {
    jobs: looked.filter((job) => isListed(job, filter, now)),
    ...(next !== undefined && { next }),
    cost: costOf(looked),
  };
}

/** Reads a shard as the index has it: settled jobs alone. */
export function readFromMemory(reading: ShardReading, all: readonly Job[]): ShardPage {
  const { shard, from, to, isOfFailures, filter, limit, after, now } = reading;
  const entries = all
    .filter(({ key }) => dayShard(key) === shard)
    .filter(({ outcome }) => outcome !== undefined && (!isOfFailures || isFailure(outcome)))
    .filter(({ finishedAt = '' }) => finishedAt >= toIso(from) && finishedAt <= toIso(to))
    .toSorted((one, other) => (placeOf(one) < placeOf(other) ? 1 : -1))
    .filter((job) => !after || placeOf(job) < placeOf(after));
  const looked = entries.slice(0, limit);
  const last = entries.length > limit ? looked.at(-1) : undefined;
  return {
    jobs: looked.filter((job) => isListed(job, filter, now)).flatMap(settledJobOf),
    ...(last && { last: { finishedAt: last.finishedAt ?? '', key: last.key } }),
    cost: costOf(looked),
  };
}

function placeOf({ finishedAt, key }: Pick<Job, 'finishedAt' | 'key'>): string {
  return `${finishedAt} ${key.scheduleId} ${key.fireTime}`;
}

function settledJobOf(job: Job): SettledJob[] {
  const { outcome, finishedAt, metadata, ...rest } = job;
  const { state: _s, revision: _r, deliverBy: _d, content: _c, owner: _o, ...listed } = rest;
  if (outcome === undefined || finishedAt === undefined) return [];
  return [{ ...listed, outcome, finishedAt, tags: tagsOf(metadata) }];
}

function isListed(job: Job, filter: JobFilter, now: number): boolean {
  const { outcome, durationMs, resultBytes, resultExpiresAt, expiresAt = now + 1 } = job;
  const { outcomes, task, tag, resultState, changed, expiringBefore } = filter;
  return [
    expiresAt > now,
    !outcomes || (outcome !== undefined && outcomes.includes(outcome)),
    task === undefined || task === job.task,
    tag === undefined || tagsOf(job.metadata).includes(tag),
    (filter.where ?? []).every((condition) => holds(condition, job.indexes ?? {})),
    resultState === undefined || resultState === job.resultState,
    changed === undefined || (changed ? job.isChanged : job.resultState === 'unchanged'),
    isWithin(durationMs, filter.minDurationMs, filter.maxDurationMs),
    isWithin(resultBytes, filter.minResultBytes, filter.maxResultBytes),
    expiringBefore === undefined || isWithin(resultExpiresAt, now + 1, expiringBefore - 1),
  ].every(Boolean);
}

function holds({ name, comparison, value }: IndexCondition, indexes: IndexValues): boolean {
  const found = indexes[name];
  if (comparison === '!=') return found !== undefined && found !== value;
  if (comparison === '=') return found === value;
  if (found === null || found === undefined || typeof found !== typeof value) return false;
  if (comparison === '<') return found < value;
  if (comparison === '<=') return found <= value;
  return comparison === '>' ? found > value : found >= value;
}

function isWithin(
  value: number | undefined,
  min: number | undefined,
  max: number | undefined,
): boolean {
  if (min === undefined && max === undefined) return true;
  return value !== undefined && value >= (min ?? 0) && value <= (max ?? Infinity);
}

/** As if each item took half a unit, as much as a read that finds none. */
function costOf(looked: readonly unknown[]) {
  return { requests: 1, itemsRead: looked.length, readUnits: Math.max(1, looked.length) / 2 };
}
