import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import { RESTORED_AT } from '#shared/domain/archive/restored-item.ts';

/**
 * Tells whether a job has ended with a write of its row.
 *
 * A row that is put back from the archive has ended long ago: whoever follows the table counts, tells and starts nothing for it.
 */
export function isSettle({ newItem, oldItem }: Pick<StreamChange, 'newItem' | 'oldItem'>): boolean {
  return (
    newItem?.['state'] === 'settled' &&
    newItem[RESTORED_AT] === undefined &&
    oldItem?.['state'] !== 'settled'
  );
}

/**
 * Tells whether a job has gone from what its settle counted into: with its row, or as that is replaced by one from the archive. A row that
 * was put back was in no count, and leaves none.
 */
export function isDeparture({
  newItem,
  oldItem,
}: Pick<StreamChange, 'newItem' | 'oldItem'>): boolean {
  const wasCounted = oldItem?.['state'] === 'settled' && oldItem[RESTORED_AT] === undefined;
  return wasCounted && (newItem === undefined || newItem[RESTORED_AT] !== undefined);
}
