import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { fnv1a } from '#shared/domain/fnv1a.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import { dayOf } from '#shared/domain/utc-day.ts';

/** The index that lists all settled jobs of a day; its keys are {@link DAY} and {@link FINISHED_AT}. */
export const BY_DAY = 'byDay';

/** The sparse index that lists the failed ones among them; its keys are {@link FAILURE_DAY} and {@link FINISHED_AT}. */
export const BY_FAILURE = 'byFailure';

/** The sparse index that lists the jobs that wait for their turn; its keys are {@link WAITING_FOR} and the job's `fireTime`. */
export const BY_WAITING = 'byWaiting';

export const WAITING_FOR = 'waitingFor';

export const DAY = 'day';
export const FAILURE_DAY = 'failureDay';
export const FINISHED_AT = 'finishedAt';

/** The attribute that holds a job's tags, as one text. */
export const TAGS = 'tags';

/** The attribute that holds what of a result its job is found by, by name. */
export const INDEXES = 'indexes';

/** The attribute of a job whose result differs from that of the success before, where its schedule wants changes to be seen. */
export const IS_CHANGED = 'isChanged';

/**
 * What both indexes hold beside the keys: just what a list shows and filters by, so that an entry stays within one write unit.
 *
 * Only settled jobs are indexed, so `state` is left out; `error` and `metadata` are left out for their size. Tags are the small part of
 * the metadata that is there to be found by.
 */
export const JOB_LIST_ATTRIBUTES = [
  'task',
  'outcome',
  'attempt',
  'startedAt',
  'durationMs',
  'resultState',
  'resultBytes',
  'resultExpiresAt',
  'expiresAt',
  IS_CHANGED,
  TAGS,
  INDEXES,
] as const;

/**
 * What {@link BY_DAY} holds: where a large result lies besides, by which an audit finds the row of each object. With the longest ids and as
 * many tags as there may be, an entry still stays within one write unit.
 */
export const SETTLED_ATTRIBUTES = [...JOB_LIST_ATTRIBUTES, 'payload'] as const;

/** A day is spread over this many partitions, since all of a busy minute's jobs settle together. */
export const DAY_SHARDS = 16;

/** Names the partition of a day that a job settles in, as `2026-11-23#7`; the same in both indexes. */
export function dayPartition(key: JobKey, finishedAt: EpochSeconds): string {
  return partitionOf(finishedAt, dayShard(key));
}

/** Tells which of a day's partitions a job settles in, from 0. */
export function dayShard(key: JobKey): number {
  return fnv1a(jobId(key)) % DAY_SHARDS;
}

/** Names one of the partitions of the day in which an instant lies. */
export function partitionOf(instant: EpochSeconds, shard: number): string {
  return `${dayOf(instant)}#${shard}`;
}
