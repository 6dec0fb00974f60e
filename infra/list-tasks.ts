import type { AdoptedTask, AnyTask } from '#infra/tasks.ts';
import { HEEDED_BY_THE_RUNNER, MOST_ADOPTED_TASKS } from '#shared/contracts/adopted-tasks.ts';
import { taskList } from '#shared/contracts/task-list.ts';

/**
 * Task ids become part of a Lambda function's name, which takes neither dots nor more than 64 characters in all.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
const DEPLOYABLE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/**
 * Writes the tasks as the list that the API reads, `tasks.json`: everything about them but their code, wherever that is.
 *
 * @throws an Error that names every task that cannot be deployed as it stands.
 */
export function listTasks(tasks: readonly AnyTask[]): string {
  const faults = [...findIdFaults(tasks), ...findShapeFaults(tasks), ...findAdoptionFaults(tasks)];
  if (faults.length > 0)
    throw new Error(`Expected infra/tasks.ts to be without faults. ${faults.join(' ')}`);
  const listed = tasks.map((task) => {
    const { id, description, inputSchema, timeoutSeconds, memoryMb, defaults } = task;
    return {
      id,
      description,
      inputSchema,
      timeoutSeconds,
      memoryMb,
      ...('maxRunningJobs' in task && { maxRunningJobs: task.maxRunningJobs }),
      ...('maxResultBytes' in task && { maxResultBytes: task.maxResultBytes }),
      defaults,
      isAdopted: isAdopted(task),
    };
  });
  return `${JSON.stringify({ tasks: listed }, null, 2)}\n`;
}

function findIdFaults(tasks: readonly AnyTask[]): readonly string[] {
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
function findShapeFaults(tasks: readonly AnyTask[]): readonly string[] {
  const { error } = taskList.safeParse({ tasks });
  return (error?.issues ?? []).map(
    ({ path: [, at, ...member], message }) =>
      `Expected ${member.join('.')} of "${tasks[Number(at)]?.id}" to be as the contract says: ${message}.`,
  );
}

/** Without a version or alias: how a function takes asynchronous events is set for the function itself. */
const FUNCTION_ARN = /^arn:[\w-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}$/;

/** Tells whether an existing function runs a task. */
export function isAdopted(task: AnyTask): task is AdoptedTask {
  return 'function' in task || 'functionArn' in task;
}

function findAdoptionFaults(tasks: readonly AnyTask[]): readonly string[] {
  const adopted = tasks.filter(isAdopted);
  return [
    ...(adopted.length <= MOST_ADOPTED_TASKS
      ? []
      : [`Expected at most ${MOST_ADOPTED_TASKS} adopted tasks, got ${adopted.length}.`]),
    ...adopted.flatMap((task) =>
      'functionArn' in task && !FUNCTION_ARN.test(task.functionArn)
        ? [
            `Expected functionArn of "${task.id}" to be the ARN of a function without version or alias, got ${task.functionArn}.`,
          ]
        : [],
    ),
    ...adopted.flatMap(({ id, defaults }) =>
      HEEDED_BY_THE_RUNNER.filter((name) => defaults[name] !== undefined).map(
        (name) =>
          `Expected defaults of "${id}" to be without ${name}, as no runner heeds it for an adopted function.`,
      ),
    ),
  ];
}
