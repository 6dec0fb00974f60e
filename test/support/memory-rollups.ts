import type { Rollup } from '#shared/domain/rollup/rollup.ts';
import { readRollupPart } from '#shared/domain/rollup/rollup-part.ts';
import type { RollupReader, RollupStore } from '#shared/ports/rollup-store.ts';

/** Rollups in memory, replaced on condition of the fence that was read, and given two to a page. */
export class MemoryRollups implements RollupStore, RollupReader {
  /** By `<scheduleId> <part>`. */
  readonly byName = new Map<string, Rollup>();
  writes = 0;
  /** Happens before a write, once each. */
  readonly meanwhile: (() => Promise<void>)[] = [];

  read: RollupStore['read'] = async (scheduleId, part) => this.byName.get(`${scheduleId} ${part}`);

  replace: RollupStore['replace'] = async ({ scheduleId, part, rollup, read }) => {
    await this.meanwhile.shift()?.();
    const name = `${scheduleId} ${part}`;
    if (this.byName.get(name)?.settledUpTo !== read?.settledUpTo) return false;
    this.byName.set(name, rollup);
    this.writes += 1;
    return true;
  };

  page: RollupReader['page'] = async ({ scheduleId, grain, from, to, now, after = '' }) => {
    const begin = (part: string) => readRollupPart(part)?.from ?? 0;
    const found = [...this.byName]
      .map(([name, rollup]) => ({ name: name.split(' '), rollup }))
      .flatMap(({ name: [id, part = ''], rollup }) =>
        id === scheduleId && readRollupPart(part)?.grain === grain ? [{ part, rollup }] : [],
      )
      .filter(({ part }) => part > after && begin(part) >= from && begin(part) <= to)
      .toSorted((one, other) => (one.part < other.part ? -1 : 1));
    const page = found.slice(0, 2);
    const last = page.at(-1);
    return {
      rollups: page
        .filter(({ rollup }) => rollup.expiresAt > now)
        .map(({ part, rollup }) => ({ from: begin(part), rollup })),
      ...(found.length > 2 && last && { next: last.part as `metrics#hour#${string}` }),
      cost: { requests: 1, itemsRead: page.length, readUnits: 0.5 },
    };
  };
}
