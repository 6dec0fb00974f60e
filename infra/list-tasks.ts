import type { TaskDefinition } from '#infra/tasks.ts';
import { taskList } from '#shared/contracts/task-list.ts';

/**
 * Task ids become part of a Lambda function's name, which takes neither dots nor more than 64 characters in all.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
const DEPLOYABLE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/**
 * Writes the tasks as the list that the API reads, `tasks.json`: everything about them but their code and its variables.
 *
 * @throws an Error that names every task that cannot be deployed as it stands.
 */
export function listTasks(tasks: readonly TaskDefinition[]): string {
  const faults = [...findIdFaults(tasks), ...findShapeFaults(tasks)];
  if (faults.length > 0)
    throw new Error(`Expected infra/tasks.ts to be without faults. ${faults.join(' ')}`);
  return `${JSON.stringify({ tasks: tasks.map(({ entry: _, variables: __, ...listed }) => listed) }, null, 2)}\n`;
}

function findIdFaults(tasks: readonly TaskDefinition[]): readonly string[] {
  const ids = tasks.map(({ id }) => id);
  return ids.flatMap((id, at) => [
    ...(DEPLOYABLE_ID.test(id)
      ? []
      : [
          `Expected a task's id to be 1 to 40 letters, digits, "-" and "_", beginning with a letter or digit, got "${id}".`,
        ]),
    ...(ids.indexOf(id) === at
      ? []
      : [`Expected each task's id to be its own, got "${id}" twice.`]),
  ]);
}

/** The API would refuse to start with a list that breaks its contract; here it is seen before a deploy. */
function findShapeFaults(tasks: readonly TaskDefinition[]): readonly string[] {
  const { error } = taskList.safeParse({ tasks });
  return (error?.issues ?? []).map(
    ({ path: [, at, ...member], message }) =>
      `Expected ${member.join('.')} of "${tasks[Number(at)]?.id}" to be as the contract says: ${message}.`,
  );
}
