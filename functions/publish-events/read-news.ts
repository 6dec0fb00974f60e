import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import { stateFromItem } from '#shared/adapters/dynamodb/schedule-item.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import { schedulePaused } from '#shared/domain/event/schedule-paused.ts';
import type { News } from './publish-events.ts';

/**
 * Reads what a record of either stream tells.
 *
 * @returns `undefined` for a change that is neither the settling of a job nor the beginning of a pause.
 */
export function readNews({ sequenceNumber, keys, ...images }: StreamChange): News | undefined {
  const news = 'part' in keys ? readPause(images) : readSettle(images);
  return news && { ...news, sequenceNumber };
}

type Images = Pick<StreamChange, 'newItem' | 'oldItem'>;

function readSettle({ newItem, oldItem }: Images) {
  const job = newItem && jobFromItem(newItem);
  const wasSettled = oldItem?.['state'] === 'settled';
  return job?.state === 'settled' && !wasSettled ? { kind: 'settled' as const, job } : undefined;
}

function readPause({ newItem, oldItem }: Images) {
  if (newItem?.['part'] !== 'state') return undefined;
  const event = schedulePaused(oldItem && stateFromItem(oldItem), stateFromItem(newItem));
  return event && { kind: 'paused' as const, event };
}
