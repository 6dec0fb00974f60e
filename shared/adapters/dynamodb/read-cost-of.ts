import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { ReadCost } from '#shared/domain/read-cost.ts';

/** Asks DynamoDB to say what a read used. */
export const TELL_UNITS = { ReturnConsumedCapacity: 'TOTAL' } as const;

/** Tells what one query came to, which must have been sent with {@link TELL_UNITS}. */
export function readCostOf(answer: {
  readonly ScannedCount?: number | undefined;
  readonly ConsumedCapacity?: ConsumedCapacity | undefined;
}): ReadCost {
  return {
    requests: 1,
    itemsRead: answer.ScannedCount ?? 0,
    readUnits: answer.ConsumedCapacity?.CapacityUnits ?? 0,
  };
}
