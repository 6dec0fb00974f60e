import { ADOPTED_TASKS, adoptedTasks } from '#shared/contracts/adopted-tasks.ts';

/** Finds the ARN of the function that takes a task's starts. */
export type TaskFunctionArns = (taskId: string) => string;

/**
 * Reads which tasks the stack has adopted: the ARN of each one's function, by the task's id.
 *
 * @throws a schema error where the list is none.
 */
export function readAdoptedTasks(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): ReadonlyMap<string, string> {
  const list = adoptedTasks.parse(JSON.parse(variables[ADOPTED_TASKS] ?? '{}'));
  return new Map(Object.entries(list));
}

/** Tells where the functions of tasks are: of an adopted one as listed, of any other at the prefix with its id behind it. */
export function taskFunctionArns(
  prefix: string,
  adopted: ReadonlyMap<string, string>,
): TaskFunctionArns {
  return (taskId) => adopted.get(taskId) ?? `${prefix}${taskId}`;
}
