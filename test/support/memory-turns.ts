import type { Slot, SlotHolder } from '#shared/domain/job/slot.ts';
import type { SlotStore } from '#shared/ports/slot-store.ts';
import type { WaitingJobs } from '#shared/ports/waiting-jobs.ts';
import type { MemoryJobStore } from '#test/support/memory-job-store.ts';

/** Slots in memory, with DynamoDB's promise alone: each write is conditional and happens at once or not at all. */
export class MemorySlotStore implements SlotStore {
  readonly rows = new Map<string, SlotHolder>();

  take: SlotStore['take'] = async (slot, holder, from) => {
    const by = this.holder(slot);
    const isFree = !by || by.holder === holder.holder;
    if (!isFree && !(from && by.holder === from.holder && by.leaseUntil === from.leaseUntil))
      return { kind: 'held', by };
    this.rows.set(nameOf(slot), holder);
    return { kind: 'taken' };
  };

  free: SlotStore['free'] = async (slot, holder) => {
    if (this.holder(slot)?.holder === holder) this.rows.delete(nameOf(slot));
  };

  handOver: SlotStore['handOver'] = async (slot, holder, to) => {
    if (this.holder(slot)?.holder !== holder) return false;
    this.rows.set(nameOf(slot), to);
    return true;
  };

  holders: SlotStore['holders'] = async (group) =>
    new Map(
      [...this.rows].flatMap(([name, holder]): [string, SlotHolder][] =>
        name.startsWith(`${group}/`) ? [[name.slice(group.length + 1), holder]] : [],
      ),
    );

  holder(slot: Slot): SlotHolder | undefined {
    return this.rows.get(nameOf(slot));
  }
}

/** Finds in a store in memory the jobs that wait for their turn. */
export function memoryWaitingJobs(jobs: MemoryJobStore): WaitingJobs {
  return {
    oldest: async (group) =>
      [...jobs.rows.values()]
        .filter(({ state, waitingFor }) => state !== 'settled' && waitingFor === group)
        .flatMap(({ start }) => start ?? [])
        .toSorted((one, other) => (one.fireTime < other.fireTime ? -1 : 1))[0],
    standing: async (key) => jobs.row(key),
  };
}

function nameOf({ scheduleId, fireTime }: Slot): string {
  return `${scheduleId}/${fireTime}`;
}
