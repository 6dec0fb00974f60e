import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { serializeStart } from '#shared/domain/job/start.ts';
import type { TaskInvoker } from '#shared/ports/task-invoker.ts';

/**
 * Hands starts to the Lambda functions of tasks, asynchronously, as EventBridge does.
 *
 * @param functionArnPrefix - A task's id behind it makes its function's ARN.
 */
export function createTaskInvoker(client: LambdaClient, functionArnPrefix: string): TaskInvoker {
  return {
    invoke: async (start) => {
      await client.send(
        new InvokeCommand({
          FunctionName: `${functionArnPrefix}${start.task}`,
          InvocationType: 'Event',
          Payload: Buffer.from(serializeStart(start)),
        }),
      );
    },
  };
}
