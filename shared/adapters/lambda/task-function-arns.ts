import { ADOPTED_TASKS, adoptedTasks } from '#shared/contracts/adopted-tasks.ts';

/** Finds the ARN of the function that takes a task's starts. */
export type TaskFunctionArns = (taskId: string) => string;

/**
 * Reads where the functions of tasks are: at a prefix with the task's id behind it, or at the ARN that the stack has listed for an
 * adopted task.
 *
 * @throws a schema error where the list is none.
 */
export function readTaskFunctionArns(
  prefix: string,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): TaskFunctionArns {
  const adopted = new Map(
    Object.entries(adoptedTasks.parse(JSON.parse(variables[ADOPTED_TASKS] ?? '{}'))),
  );
  return (taskId) => adopted.get(taskId) ?? `${prefix}${taskId}`;
}
