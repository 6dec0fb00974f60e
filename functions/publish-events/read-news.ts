import { isSettle } from '#shared/adapters/dynamodb/is-settle.ts';
import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import { ledgerFromItem } from '#shared/adapters/dynamodb/ledger-params.ts';
import { stateFromItem } from '#shared/adapters/dynamodb/schedule-item.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { budgetExceeded } from '#shared/domain/event/budget-exceeded.ts';
import { schedulePaused } from '#shared/domain/event/schedule-paused.ts';
import { LEDGERS } from '#shared/domain/usage/ledger.ts';
import type { News } from './publish-events.ts';

/**
 * Reads what a record of either stream tells.
 *
 * @returns `undefined` for a change that is neither the settling of a job, nor the beginning of a pause, nor the passing of a budget.
 */
export function readNews({ sequenceNumber, keys, at, ...images }: StreamChange): News | undefined {
  const isLedger = keys['scheduleId'] === LEDGERS;
  const readSchedules = () => (isLedger ? readBudget(images, at) : readPause(images));
  const news = 'part' in keys ? readSchedules() : readSettle(images);
  return news && { ...news, sequenceNumber };
}

type Images = Pick<StreamChange, 'newItem' | 'oldItem'>;

function readSettle(images: Images) {
  return isSettle(images)
    ? { kind: 'settled' as const, job: jobFromItem(images.newItem) }
    : undefined;
}

function readPause({ newItem, oldItem }: Images) {
  if (newItem?.['part'] !== 'state') return undefined;
  const event = schedulePaused(oldItem && stateFromItem(oldItem), stateFromItem(newItem));
  return event && { kind: 'told' as const, event };
}

function readBudget({ newItem, oldItem }: Images, at: EpochSeconds) {
  if (!newItem) return undefined;
  const event = budgetExceeded(oldItem && ledgerFromItem(oldItem), ledgerFromItem(newItem), at);
  return event && { kind: 'told' as const, event };
}
