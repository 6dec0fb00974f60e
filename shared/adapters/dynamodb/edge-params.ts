import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { UpstreamLink } from '#shared/domain/schedule/decide-upstream.ts';
import type { Edge, EdgeChange } from '#shared/domain/schedule/edge.ts';

/** What the `part` of every edge begins with; the dependent's id follows. It sorts before a schedule's own parts. */
export const EDGE_PREFIX = 'after#';

type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

/** Writes and removes edges; unconditionally, as they go with the state of their dependent, in one transaction. */
export function edgeWrites(table: string, { put, removed }: EdgeChange): TransactItems {
  return [
    ...(put
      ? [
          {
            Put: {
              TableName: table,
              Item: { ...edgeKey(put), outcomes: put.outcomes, since: put.since },
            },
          },
        ]
      : []),
    ...(removed ? [{ Delete: { TableName: table, Key: edgeKey(removed) } }] : []),
  ];
}

/**
 * Holds the schedules upstream still for a transaction: each has the trigger that it was read with, or is still not there.
 *
 *    one write:    reads that A comes after B ── A unchanged? ── writes that B comes after C
 *    the other:    reads that B comes after none ── B unchanged? ── writes that A …
 *
 * Of two writes that would close a circle together one is refused, as each checks what the other writes.
 */
export function upstreamChecks(table: string, upstream: readonly UpstreamLink[]): TransactItems {
  return upstream.map(({ scheduleId, trigger }) => ({
    ConditionCheck: {
      TableName: table,
      Key: { scheduleId, part: 'definition' },
      ...(trigger
        ? {
            ConditionExpression: '#trigger = :trigger',
            ExpressionAttributeNames: { '#trigger': 'trigger' },
            ExpressionAttributeValues: { ':trigger': JSON.stringify(trigger) },
          }
        : { ConditionExpression: 'attribute_not_exists(scheduleId)' }),
    },
  }));
}

function edgeKey({ upstreamId, dependentId }: Pick<Edge, 'upstreamId' | 'dependentId'>) {
  return { scheduleId: upstreamId, part: `${EDGE_PREFIX}${dependentId}` };
}
