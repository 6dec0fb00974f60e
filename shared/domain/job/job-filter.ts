import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { IndexValue } from '#shared/domain/result/index-value.ts';
import type { ResultState } from '#shared/domain/result/stored-result.ts';

/** Longer ones first, so that a text is read by the longest that it begins with. */
export const COMPARISONS = ['<=', '>=', '!=', '=', '<', '>'] as const;

/** Compares one of a job's indexed values, which must be there; only values of one type are ordered or equal. */
export interface IndexCondition {
  readonly name: string;
  readonly comparison: (typeof COMPARISONS)[number];
  readonly value: IndexValue;
}

/** Which jobs a list is of: those of which all that is said here holds. An absent member says nothing. */
export interface JobFilter {
  /** Jobs that have not settled have no outcome, and so are none of these. */
  readonly outcomes?: readonly Outcome[];
  readonly task?: string;
  /** One of the job's tags, as `team:sales`. */
  readonly tag?: string;
  readonly resultState?: ResultState;
  /** Whether its result differs from that of the success before; a job that nobody compared is neither. */
  readonly changed?: boolean;
  /** Milliseconds, included. */
  readonly minDurationMs?: number;
  readonly maxDurationMs?: number;
  /** Bytes of the result's JSON, included. */
  readonly minResultBytes?: number;
  readonly maxResultBytes?: number;
  /** What its result had at the paths of its schedule's indexes. */
  readonly where?: readonly IndexCondition[];
  /** The result is hidden from an instant before this one on, and is not hidden yet. */
  readonly expiringBefore?: EpochSeconds;
}
