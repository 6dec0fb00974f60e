import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { auditFromItem, auditItem } from '#shared/adapters/dynamodb/audit-item.ts';
import { readCostOf, TELL_UNITS } from '#shared/adapters/dynamodb/read-cost-of.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { Audit } from '#shared/domain/audit/audit.ts';
import type { AuditStore } from '#shared/ports/audit-store.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** Where audits lie: no schedule can have this id, and without a `kind` they are in no index. */
const AUDITS = '#audits';

/** Keeps audits in the Schedules table. */
export function createAuditStore(
  client: DynamoDBDocumentClient,
  table: string,
  now: WallClock,
): AuditStore {
  const query = async (condition: string, values: Record<string, unknown>, limit: number) => {
    const answer = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: `scheduleId = :audits${condition}`,
        FilterExpression: 'expiresAt > :now',
        ExpressionAttributeValues: { ':audits': AUDITS, ':now': now(), ...values },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: limit,
        ...TELL_UNITS,
      }),
    );
    const { Items = [], LastEvaluatedKey } = answer;
    const cost = readCostOf(answer);
    return { audits: Items.map(auditFromItem), lastKey: LastEvaluatedKey, cost };
  };
  const put = (params: PutCommandInput) =>
    available(async () => {
      try {
        await client.send(new PutCommand(params));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });
  return {
    create: (audit) => put(createParams(table, audit)),
    save: (audit, seenStep) => put(saveParams(table, audit, seenStep)),
    read: (id) =>
      available(async () => (await query(' AND part = :id', { ':id': id }, 1)).audits[0]),
    list: (limit, after) =>
      available(async () => {
        const isFirst = after === undefined;
        const { audits, lastKey, cost } = await query(
          isFirst ? '' : ' AND part < :after',
          isFirst ? {} : { ':after': after },
          limit,
        );
        return { audits, cost, ...(lastKey && { next: String(lastKey['part']) }) };
      }),
  };
}

/**
 * Begins an audit, at most once.
 *
 *     no item ── create ──▶ step 0
 */
function createParams(table: string, audit: Audit): PutCommandInput {
  return {
    TableName: table,
    Item: { scheduleId: AUDITS, part: audit.id, ...auditItem(audit) },
    ConditionExpression: 'attribute_not_exists(part)',
  };
}

/**
 * Writes how far an audit has come. Two deliveries of one message look at the same pages; the second to write finds the step moved on.
 *
 *     step n ── pages looked at, garbage deleted ── save ──▶ step n + 1
 */
function saveParams(table: string, audit: Audit, seenStep: number): PutCommandInput {
  return {
    TableName: table,
    Item: { scheduleId: AUDITS, part: audit.id, ...auditItem(audit) },
    ConditionExpression: 'step = :seen',
    ExpressionAttributeValues: { ':seen': seenStep },
  };
}

async function available<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    return throwUnavailable(error, 'the Schedules table');
  }
}
