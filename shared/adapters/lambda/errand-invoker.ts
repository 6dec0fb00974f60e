import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { ErrandKind } from '#shared/domain/errand/errand.ts';
import type { ErrandInvoker } from '#shared/ports/errand-invoker.ts';

/** Hands steps of errands to the function of their kind, asynchronously. */
export function createErrandInvoker(
  client: LambdaClient,
  functionArns: Readonly<Record<ErrandKind, string>>,
): ErrandInvoker {
  return {
    invoke: async ({ kind, scheduleId, errandId, version, mark }) => {
      await client.send(
        new InvokeCommand({
          FunctionName: functionArns[kind],
          InvocationType: 'Event',
          Payload: JSON.stringify({ kind, scheduleId, errandId, version, mark }),
        }),
      );
    },
  };
}
