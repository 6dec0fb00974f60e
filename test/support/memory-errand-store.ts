import type { Errand } from '#shared/domain/errand/errand.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';

/** Errands of a kind in memory, with the table's promise alone: of two who write one as they read it, one wins. */
export class MemoryErrandStore<Kind extends Errand> implements ErrandStore<Kind> {
  readonly errands = new Map<string, Kind>();
  /** Happens before a write; it may throw. */
  beforeWrite: (errand: Kind) => void = () => {};
  /** Happens after a write; what it throws is an answer that was lost. */
  afterWrite: (errand: Kind) => void = () => {};

  create: ErrandStore<Kind>['create'] = async (errand) => {
    this.beforeWrite(errand);
    this.put(errand);
    this.afterWrite(errand);
  };

  read: ErrandStore<Kind>['read'] = async (scheduleId, errandId) =>
    this.errands.get(`${scheduleId} ${errandId}`);

  list: ErrandStore<Kind>['list'] = async (scheduleId, { limit, after = '~' }) => {
    const all = [...this.errands.values()]
      .filter((one) => one.scheduleId === scheduleId && one.errandId < after)
      .toSorted((one, other) => (one.errandId < other.errandId ? 1 : -1));
    const errands = all.slice(0, limit);
    const next = all.length > limit ? errands.at(-1)?.errandId : undefined;
    const cost = { requests: 1, itemsRead: errands.length, readUnits: 1 };
    return { errands, ...(next !== undefined && { next }), cost };
  };

  replace: ErrandStore<Kind>['replace'] = async (errand) => {
    this.beforeWrite(errand);
    const present = await this.read(errand.scheduleId, errand.errandId);
    if (present?.version !== errand.version - 1) return false;
    this.put(errand);
    this.afterWrite(errand);
    return true;
  };

  /** Puts an errand there, whatever stands there. */
  put(errand: Kind): void {
    this.errands.set(`${errand.scheduleId} ${errand.errandId}`, errand);
  }
}
