import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { BackfillRunner } from '#shared/ports/backfill-runner.ts';

/** Hands steps of backfills to the function `run-backfill`, asynchronously. */
export function createBackfillRunner(client: LambdaClient, functionArn: string): BackfillRunner {
  return {
    invoke: async ({ kind, scheduleId, backfillId, version, mark }) => {
      await client.send(
        new InvokeCommand({
          FunctionName: functionArn,
          InvocationType: 'Event',
          Payload: JSON.stringify({ kind, scheduleId, backfillId, version, mark }),
        }),
      );
    },
  };
}
