import type { StartPolicy } from '#shared/domain/job/policy.ts';

/** Which fire times are started of several that have passed before the schedule could be advanced; the first is the default. */
export const COALESCE = ['all', 'latest', 'earliest'] as const;

export type Coalesce = (typeof COALESCE)[number];

/** A schedule's policies: what travels with its starts, and what is decided before there is a start. */
export interface SchedulePolicy extends StartPolicy {
  /** The fire times that are not picked are settled `skipped`. */
  readonly coalesce?: Coalesce;
  /** The schedule ends with the start of this many jobs, from 1, counted since its trigger began to hold. */
  readonly maxJobs?: number;
  /** The schedule pauses itself when this many jobs in a row have failed, 1 to {@link MOST_FAILURES}. */
  readonly pauseAfterFailures?: number;
}

/** A longer row of failures would take a longer look back than one batch of a stream allows. */
export const MOST_FAILURES = 100;

/** Leaves out of a schedule's policies what no start needs. */
export function startPolicyOf(policy: SchedulePolicy): StartPolicy {
  const { coalesce: _c, maxJobs: _m, pauseAfterFailures: _p, ...startPolicy } = policy;
  return startPolicy;
}

/** Leaves out of what its task sets for all schedules what a job without one cannot have. */
export function jobPolicyOf(policy: SchedulePolicy): StartPolicy {
  const { metrics: _m, metricsExpirationTime: _e, ...rest } = startPolicyOf(policy);
  return rest;
}

/** What a schedule that another starts cannot have: each speaks of fire times of its own, or counts them. */
export const TIMED_POLICIES = ['coalesce', 'maxJobs', 'maxJitter', 'misfireGraceTime'] as const;

/** Leaves out of a schedule's policies what one that another starts cannot have, as where its task sets them for all. */
export function dependentPolicyOf(policy: SchedulePolicy): SchedulePolicy {
  const { coalesce: _c, maxJobs: _j, maxJitter: _t, misfireGraceTime: _g, ...rest } = policy;
  return rest;
}

/** Tells whether which fire times are started depends on when that is decided, and so must be decided once. */
export function dependsOnDecision({ coalesce = 'all', maxJobs }: SchedulePolicy): boolean {
  return coalesce !== 'all' || maxJobs !== undefined;
}
