import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfig } from '#infra/config.ts';
import { AdoptedFunction } from '#infra/constructs/adopted-function.ts';
import { ForeignEnds } from '#infra/constructs/foreign-ends.ts';
import type { Payloads } from '#infra/constructs/payloads.ts';
import { SettleForeign } from '#infra/constructs/settle-foreign.ts';
import type { Tables } from '#infra/constructs/tables.ts';
import type { AdoptedTask } from '#infra/tasks.ts';
import { ADOPTED_TASKS } from '#shared/contracts/adopted-tasks.ts';

/** What adopted tasks are settled into. */
export interface AdoptTasksProps {
  readonly tasks: readonly AdoptedTask[];
  readonly tables: Tables;
  readonly payloads: Payloads;
  readonly config: StageConfig;
}

/**
 * Adopts the functions of tasks, and makes what settles their jobs; a stack that adopts none has nothing of it.
 *
 * @throws an Error where two tasks have the same function: Lambda has one destination for both.
 */
export function adoptTasks(
  scope: Construct,
  { tasks, ...stores }: AdoptTasksProps,
): readonly AdoptedFunction[] {
  if (tasks.length === 0) return [];
  const ends = new ForeignEnds(scope, 'ForeignEnds').queue;
  new SettleForeign(scope, 'SettleForeign', { ...stores, ends });
  const adopted = tasks.map(
    (task) => new AdoptedFunction(scope, `Task-${task.id}`, { task, ends }),
  );
  const arns = adopted.map(({ lambda }) => lambda.functionArn);
  adopted.forEach(({ taskId, lambda }, at) => {
    if (arns.indexOf(lambda.functionArn) !== at)
      throw new Error(`Expected "${taskId}" to have a function of its own, got another task's.`);
  });
  return adopted;
}

/** The variable by which a function finds those of adopted tasks; none where there are none. */
export function adoptedVariable(
  scope: Construct,
  adopted: readonly AdoptedFunction[],
): Readonly<Record<string, string>> {
  if (adopted.length === 0) return {};
  const arns = Object.fromEntries(
    adopted.map(({ taskId, lambda }) => [taskId, lambda.functionArn]),
  );
  return { [ADOPTED_TASKS]: Stack.of(scope).toJsonString(arns) };
}
