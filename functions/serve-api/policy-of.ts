import type { DeployedTask } from '#shared/contracts/task-list.ts';
import type { SchedulePolicy } from '#shared/domain/schedule/schedule-policy.ts';

/** A schedule without `resultExpirationTime` stores no results, as in APScheduler. */
const DEFAULT_RESULT_EXPIRATION_SECONDS = 0;

/** Resolves the policies that a body states, those of the task where it states none. */
export function policyOf(
  stated: DeployedTask['defaults'],
  task: DeployedTask | undefined,
): SchedulePolicy {
  const { timeout, ...policies } = { ...task?.defaults, ...stated };
  return {
    resultExpirationTime: DEFAULT_RESULT_EXPIRATION_SECONDS,
    ...policies,
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
  };
}
