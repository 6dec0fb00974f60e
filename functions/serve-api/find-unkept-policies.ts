import { shown } from '#shared/contracts/faults-of.ts';
import type { StackRetention } from '#shared/contracts/retention.ts';
import type { DeployedTask } from '#shared/contracts/task-list.ts';
import type { RequestFault } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import { failureRowSeconds } from '#shared/domain/schedule/failure-row-seconds.ts';
import { type SchedulePolicy, TIMED_POLICIES } from '#shared/domain/schedule/schedule-policy.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';
import { findIndexFaults } from './find-index-faults.ts';
import { findMetricFaults } from './find-metric-faults.ts';
import { findUnheededPolicies } from './find-unheeded-policies.ts';
import { policyOf } from './policy-of.ts';

/** The policies that a body states, and what they are to be kept with. */
export interface StatedPolicies {
  readonly stated: DeployedTask['defaults'];
  readonly task: DeployedTask | undefined;
  readonly retention: StackRetention;
  /** Absent where it has faults of its own. */
  readonly trigger: Trigger | undefined;
  readonly now: EpochSeconds;
}

/** Finds the policies that promise what another one, or the trigger, keeps them from. */
export function findUnkeptPolicies({
  stated,
  task,
  retention,
  trigger,
  now,
}: StatedPolicies): readonly RequestFault[] {
  const policy = policyOf(stated, { task, retention });
  return [
    ...findUnheededPolicies(stated, task),
    ...findIndexFaults(stated.indexes),
    ...findMetricFaults(stated.metrics),
    ...(trigger?.kind === 'after' ? findTimedPolicies(stated) : findGraceFaults(policy)),
    ...(trigger ? findForgottenFailures(policy, trigger, now) : []),
  ];
}

/** What its task sets for all schedules is left out where another schedule's jobs start this one. */
function findTimedPolicies(stated: DeployedTask['defaults']): readonly RequestFault[] {
  return TIMED_POLICIES.filter((name) => stated[name] !== undefined).map((name) => ({
    pointer: `/${name}`,
    code: 'field.invalid',
    detail: `Expected no \`${name}\` on a schedule that another's jobs start, as it has no fire times of its own, got ${shown(stated[name])}.`,
  }));
}

/** A start is not begun after its window. */
function findGraceFaults(policy: SchedulePolicy): readonly RequestFault[] {
  const { misfireGraceTime = 0, catchUpWindow = DEFAULT_CATCH_UP_WINDOW_SECONDS } = policy;
  if (misfireGraceTime <= catchUpWindow) return [];
  return [
    {
      pointer: '/misfireGraceTime',
      code: 'field.invalid',
      detail: `Expected \`misfireGraceTime\` to be at most the \`catchUpWindow\` of ${catchUpWindow} s, got ${misfireGraceTime} s.`,
    },
  ];
}

/** Failures are counted by their records: one that has expired before the last of a row settles is not in it. */
function findForgottenFailures(
  policy: SchedulePolicy,
  trigger: Trigger,
  now: EpochSeconds,
): readonly RequestFault[] {
  const { pauseAfterFailures: most } = policy;
  if (most === undefined) return [];
  const neededSeconds = failureRowSeconds(trigger, { ...policy, most }, now);
  const keptSeconds = keptSecondsOf(policy);
  if (neededSeconds <= keptSeconds) return [];
  return [
    {
      pointer: '/pauseAfterFailures',
      code: 'field.invalid',
      detail: `Expected \`pauseAfterFailures\` to be a row of failures whose records are kept until its end, got ${most}, which takes up to ${neededSeconds} s, with records that are kept for ${keptSeconds} s. Set \`recordExpirationTime\` to at least ${neededSeconds}.`,
    },
  ];
}

/** An error may be kept otherwise than a job that never ran, as where it was missed. */
function keptSecondsOf(policy: SchedulePolicy): number {
  const times = (['error', 'missed'] as const).map((outcome) =>
    resolveExpiry({ policy, outcome, finishedAt: 0, deliverBy: 0, leaseSeconds: 0 }),
  );
  // What is held longer only is so until others displace it.
  return Math.min(...times.map((expiry) => (expiry.ownExpiry ?? expiry).expiresAt));
}
