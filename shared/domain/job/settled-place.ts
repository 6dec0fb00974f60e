import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { type JobKey, jobId, parseJobId } from '#shared/domain/job/job-key.ts';

/**
 * How far a list of settled jobs has come.
 *
 * All of one order, newest first, then by shard: so one place says it for all sixteen shards, and a cursor stays short.
 */
export interface SettledPlace {
  /** All that finished later has been given. */
  readonly until: EpochSeconds;
  /** Of what finished at `until`, all of the shards before this one, and of this one up to this job; absent: none of it. */
  readonly last?: { readonly shard: number; readonly key: JobKey };
}

const PLACE = /^(\d{1,12})(?:\/(\d{1,2})\/([^/]+))?$/;

/** Writes a place as text. */
export function settledPlaceText({ until, last }: SettledPlace): string {
  return last === undefined ? `${until}` : `${until}/${last.shard}/${jobId(last.key)}`;
}

/**
 * Reads a place back.
 *
 * @returns `undefined` for a text that is none.
 */
export function parseSettledPlace(text: string): SettledPlace | undefined {
  const [, until, shard, id] = PLACE.exec(text) ?? [];
  if (until === undefined) return undefined;
  if (shard === undefined || id === undefined) return { until: Number(until) };
  const key = parseJobId(id);
  return key && { until: Number(until), last: { shard: Number(shard), key } };
}
