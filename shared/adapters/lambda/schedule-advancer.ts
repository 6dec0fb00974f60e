import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { ScheduleAdvancer } from '#shared/ports/schedule-advancer.ts';

/** Hands fire times to the function `advance-schedule`, asynchronously, as EventBridge does. */
export function createScheduleAdvancer(
  client: LambdaClient,
  functionArn: string,
): ScheduleAdvancer {
  return {
    invoke: async ({ kind, scheduleId, fireTime }) => {
      await client.send(
        new InvokeCommand({
          FunctionName: functionArn,
          InvocationType: 'Event',
          Payload: JSON.stringify({ kind, scheduleId, fireTime }),
        }),
      );
    },
  };
}
