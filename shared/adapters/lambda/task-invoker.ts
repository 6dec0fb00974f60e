import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { TaskFunctionArns } from '#shared/adapters/lambda/task-function-arns.ts';
import { serializeStart } from '#shared/domain/job/start.ts';
import type { TaskInvoker } from '#shared/ports/task-invoker.ts';

/**
 * Hands starts to the Lambda functions of tasks, asynchronously, as EventBridge does.
 *
 * @param arnOf - Finds a task's function.
 */
export function createTaskInvoker(client: LambdaClient, arnOf: TaskFunctionArns): TaskInvoker {
  return {
    invoke: async (start) => {
      await client.send(
        new InvokeCommand({
          FunctionName: arnOf(start.task),
          InvocationType: 'Event',
          Payload: Buffer.from(serializeStart(start)),
        }),
      );
    },
  };
}
