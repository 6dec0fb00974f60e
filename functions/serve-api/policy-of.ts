import type { StackRetention } from '#shared/contracts/retention.ts';
import type { DeployedTask } from '#shared/contracts/task-list.ts';
import type { RetentionSource, StartPolicy } from '#shared/domain/job/policy.ts';
import { keepLastOf } from '#shared/domain/result/keep-last.ts';
import { LONGEST_EXPIRATION_SECONDS } from '#shared/domain/result/payload-class.ts';
import type { SchedulePolicy } from '#shared/domain/schedule/schedule-policy.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';

/** Where policies come from that a body does not state. */
export interface PolicyContext {
  readonly task: DeployedTask | undefined;
  readonly retention: StackRetention;
  /** The body is one job's own, of no schedule. */
  readonly isOfOneJob?: boolean;
}

/** Resolves the policies that a body states: those of the task where it states none, then the stack's. */
export function policyOf(
  stated: DeployedTask['defaults'],
  { task, retention, isOfOneJob = false }: PolicyContext,
): SchedulePolicy {
  const { timeout, resultExpirationTime, archive, ...policies } = { ...task?.defaults, ...stated };
  const from = sourceOf(stated, task, isOfOneJob);
  const { longestExpirationTime } = retention;
  return {
    resultExpirationTime: resultExpirationTime ?? retention.resultExpirationTime,
    ...(from && { resultExpirationFrom: from }),
    ...(longestExpirationTime < LONGEST_EXPIRATION_SECONDS && { longestExpirationTime }),
    ...policies,
    ...(archive && { archiveDays: archive.keep / DAY_SECONDS }),
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
  };
}

/** Leaves out of a policy what its user did not write, but the API noted. */
export function withoutNotes<Policy extends StartPolicy>(policy: Policy) {
  const { resultExpirationFrom: _f, longestExpirationTime: _l, keepLast, ...written } = policy;
  return { ...written, ...(keepLast !== undefined && keepLast > 0 && { keepLast }) };
}

function sourceOf(
  stated: DeployedTask['defaults'],
  task: DeployedTask | undefined,
  isOfOneJob: boolean,
): RetentionSource | undefined {
  if (stated.resultExpirationTime !== undefined) return isOfOneJob ? 'job' : undefined;
  return task?.defaults.resultExpirationTime === undefined ? 'stack' : 'task';
}

/**
 * Has a schedule that holds jobs no longer say so, where it did before: its next job lets go those that are still held.
 *
 * @param present - The policies that are replaced.
 */
export function lettingGo(policy: SchedulePolicy, present: SchedulePolicy): SchedulePolicy {
  const isHolding = keepLastOf(policy) !== undefined;
  return isHolding || keepLastOf(present) === undefined ? policy : { ...policy, keepLast: 0 };
}
