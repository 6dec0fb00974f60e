import type { Backfill } from '#shared/domain/backfill/backfill.ts';
import type { BackfillStore } from '#shared/ports/backfill-store.ts';

/** Backfills in memory, with the table's promise alone: of two who write one as they read it, one wins. */
export class MemoryBackfillStore implements BackfillStore {
  readonly backfills = new Map<string, Backfill>();
  /** Happens before a write; it may throw. */
  beforeWrite: (backfill: Backfill) => void = () => {};
  /** Happens after a write; what it throws is an answer that was lost. */
  afterWrite: (backfill: Backfill) => void = () => {};

  create: BackfillStore['create'] = async (backfill) => {
    this.beforeWrite(backfill);
    this.put(backfill);
    this.afterWrite(backfill);
  };

  read: BackfillStore['read'] = async (scheduleId, backfillId) =>
    this.backfills.get(`${scheduleId} ${backfillId}`);

  list: BackfillStore['list'] = async (scheduleId, { limit, after = '~' }) => {
    const all = [...this.backfills.values()]
      .filter((one) => one.scheduleId === scheduleId && one.backfillId < after)
      .toSorted((one, other) => (one.backfillId < other.backfillId ? 1 : -1));
    const backfills = all.slice(0, limit);
    const next = all.length > limit ? backfills.at(-1)?.backfillId : undefined;
    const cost = { requests: 1, itemsRead: backfills.length, readUnits: 0.5 };
    return { backfills, ...(next !== undefined && { next }), cost };
  };

  replace: BackfillStore['replace'] = async (backfill) => {
    this.beforeWrite(backfill);
    const present = await this.read(backfill.scheduleId, backfill.backfillId);
    if (present?.version !== backfill.version - 1) return false;
    this.put(backfill);
    this.afterWrite(backfill);
    return true;
  };

  /** Puts a backfill there, whatever stands there. */
  put(backfill: Backfill): void {
    this.backfills.set(`${backfill.scheduleId} ${backfill.backfillId}`, backfill);
  }
}
