/** The member that makes an object of an input stand for a result: `{"$result": {"schedule": "daily-sales"}}`. */
export const REFERENCE = '$result';

/** Which job's result is meant; the first is the default. */
export const PICKS = [
  /** The newest successful job, by its fire time. */
  'latest-success',
  /** The newest job that has settled, however it ended: one without a result is stale. */
  'latest',
  /** The very job whose end started this one. */
  'upstream',
] as const;

export type ResultPick = (typeof PICKS)[number];

/** What becomes of a job whose input refers to a result that is stale; the first is the default. */
export const ON_STALE = [
  /** It ends in `error`. */
  'fail',
  /** It ends as `skipped`. */
  'skip',
  /** It runs, with the old result where it can still be read, else with null. */
  'run',
] as const;

export type OnStale = (typeof ON_STALE)[number];

/** An object of an input that is replaced by a result, or a part of one, when the job is claimed. */
export interface ResultReference {
  /** Where it stands in the input, as a JSON pointer; empty where it is the whole input. */
  readonly pointer: string;
  readonly schedule: string;
  readonly pick: ResultPick;
  /** A JMESPath expression of the part that is taken; absent: the whole. */
  readonly select?: string;
  /** An older result is stale, counted from its job's finish; absent: as long as it is kept. */
  readonly maxAgeSeconds?: number;
  readonly onStale: OnStale;
}

/** Tells whether every attempt finds the same: what a job upstream has left does not change, the latest job may be another. */
export function isFixed({ pick }: Pick<ResultReference, 'pick'>): boolean {
  return pick === 'upstream';
}

/** An input may refer to so many results: each costs one or two reads for each attempt. */
export const MOST_REFERENCES = 8;

/** All results that one input refers to may have so many bytes of JSON together, so that a task's memory holds them. */
export const LARGEST_REFERRED_BYTES = 8 * 1_024 * 1_024;
