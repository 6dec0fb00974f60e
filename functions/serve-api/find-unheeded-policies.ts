import { HEEDED_BY_THE_RUNNER } from '#shared/contracts/adopted-tasks.ts';
import type { DeployedTask } from '#shared/contracts/task-list.ts';
import type { RequestFault } from '#shared/domain/almanac-error.ts';

/** Finds the policies that a body states for a task whose function was adopted, and runs without what would heed them. */
export function findUnheededPolicies(
  stated: Readonly<Record<string, unknown>>,
  task: Pick<DeployedTask, 'id' | 'isAdopted'> | undefined,
): readonly RequestFault[] {
  if (!task?.isAdopted) return [];
  return HEEDED_BY_THE_RUNNER.filter((name) => stated[name] !== undefined).map((name) => ({
    pointer: `/${name}`,
    code: 'field.invalid',
    detail: `Expected no \`${name}\` where the task is \`${task.id}\`, got one: its function was adopted, and runs without Almanac's runner, which would heed it.`,
  }));
}
