import { tableArn } from '#local/services/dynamodb/arns.ts';
import { invalidRequest } from '#local/services/dynamodb/dynalite-fault.ts';
import { dynaliteStore, readingOnly } from '#local/services/dynamodb/dynalite-store.ts';
import {
  type OperationContext,
  type Operations,
  operation,
} from '#local/services/dynamodb/operation.ts';
import { putTable } from '#local/services/dynamodb/table-changes.ts';
import { namedTable, type TableRequest } from '#local/services/dynamodb/table-operations.ts';
import { TABLE_NAME } from '#local/services/dynamodb/table-parameters.ts';

interface UpdateTimeToLiveRequest extends TableRequest {
  readonly TimeToLiveSpecification: { readonly AttributeName: string; readonly Enabled: boolean };
}

/** UpdateTimeToLive and DescribeTimeToLive; a change holds at once, where AWS takes up to an hour. */
export function timeToLiveOperations(context: OperationContext): Operations {
  const store = dynaliteStore(context, readingOnly(context.database));
  const permissionsFor = (action: string) => (data: TableRequest) => [
    { action: `dynamodb:${action}`, resource: tableArn(context.place, data.TableName) },
  ];
  return {
    UpdateTimeToLive: operation<UpdateTimeToLiveRequest>(store, {
      types: {
        ...TABLE_NAME,
        TimeToLiveSpecification: {
          type: 'FieldStruct<TimeToLiveSpecification>',
          notNull: true,
          children: {
            AttributeName: {
              type: 'String',
              notNull: true,
              lengthGreaterThanOrEqual: 1,
              lengthLessThanOrEqual: 255,
            },
            Enabled: { type: 'Boolean', notNull: true },
          },
        },
      },
      permissions: permissionsFor('UpdateTimeToLive'),
      run: (data) => context.writer.exclusively(() => updateTimeToLive(context, data)),
    }),
    DescribeTimeToLive: operation<TableRequest>(store, {
      types: TABLE_NAME,
      permissions: permissionsFor('DescribeTimeToLive'),
      run: async (data) => {
        const AttributeName = namedTable(context, data).timeToLiveAttribute;
        const TimeToLiveDescription =
          AttributeName === undefined
            ? { TimeToLiveStatus: 'DISABLED' }
            : { TimeToLiveStatus: 'ENABLED', AttributeName };
        return { TimeToLiveDescription };
      },
    }),
  };
}

async function updateTimeToLive(
  context: OperationContext,
  data: UpdateTimeToLiveRequest,
): Promise<object> {
  const { timeToLiveAttribute: current, ...table } = namedTable(context, data);
  const { AttributeName, Enabled } = data.TimeToLiveSpecification;
  if (current !== undefined && current !== AttributeName)
    throw invalidRequest(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`,
    );
  if (Enabled === (current !== undefined))
    throw invalidRequest(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  await putTable(context, Enabled ? { ...table, timeToLiveAttribute: AttributeName } : table);
  await context.sweeper.bookNext();
  return { TimeToLiveSpecification: { AttributeName, Enabled } };
}
