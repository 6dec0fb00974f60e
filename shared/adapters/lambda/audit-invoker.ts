import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { AuditInvoker } from '#shared/ports/audit-invoker.ts';

/** Has the function `audit-storage` go on with an audit, asynchronously. */
export function createAuditInvoker(client: LambdaClient, functionArn: string): AuditInvoker {
  return {
    invoke: async (auditId) => {
      await client.send(
        new InvokeCommand({
          FunctionName: functionArn,
          InvocationType: 'Event',
          Payload: JSON.stringify({ kind: 'audit', auditId }),
        }),
      );
    },
  };
}
