import type { Outcome } from '#shared/domain/job/outcome.ts';
import { holdingRule, type KeepLast } from '#shared/domain/result/keep-last.ts';

/** Of the jobs that a schedule holds by their number, how many are yet to be found, from the newest on. */
export interface Places {
  readonly last: number;
  /** Whether the newest job that went well is still wanted. */
  readonly success: boolean;
}

/** Tells how many jobs a policy holds, of which none is found yet. */
export function allPlaces({ last = 0, success }: KeepLast = {}): Places {
  return { last, success: success === true };
}

/** Tells whether there is a place for the next older job, by how it ended. */
export function hasPlace({ last, success }: Places, outcome: Outcome): boolean {
  return holdingRule(success ? { last, success } : { last }, outcome) !== undefined;
}

/** Gives the next older job a place. */
export function takePlace({ last, success }: Places, outcome: Outcome): Places {
  return { last: Math.max(last - 1, 0), success: success && outcome !== 'success' };
}
