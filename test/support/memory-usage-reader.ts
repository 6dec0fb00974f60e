import { NO_COST } from '#shared/domain/read-cost.ts';
import { NO_USAGE, type Usage } from '#shared/domain/usage/usage.ts';
import type { UsageReader } from '#shared/ports/usage-store.ts';

/** Sums in memory, as the Usage table has them. */
export class MemoryUsageReader implements UsageReader {
  readonly totalsById = new Map<string, Usage>();
  /** By `<scheduleId> <day>`. */
  readonly daysByName = new Map<string, Usage>();

  totals: UsageReader['totals'] = async (scheduleIds) => ({
    usages: scheduleIds.flatMap((scheduleId) => {
      const usage = this.totalsById.get(scheduleId);
      return usage ? [{ scheduleId, usage }] : [];
    }),
    cost: { requests: 1, itemsRead: scheduleIds.length, readUnits: scheduleIds.length },
  });

  list: UsageReader['list'] = async ({ limit, after = '' }) => {
    const ids = [...this.totalsById.keys()].toSorted().filter((id) => id > after);
    const page = ids.slice(0, limit);
    const { usages } = await this.totals(page);
    const next = ids.length > limit ? page.at(-1) : undefined;
    return { usages, ...(next !== undefined && { next }), cost: NO_COST };
  };

  days: UsageReader['days'] = async ({ scheduleId, from, to }) => ({
    days: [...this.daysByName]
      .map(([name, usage]) => ({ name: name.split(' '), usage }))
      .flatMap(({ name: [id = '', day = ''], usage }) =>
        id === scheduleId && day >= from && day <= to ? [{ day, usage }] : [],
      )
      .toSorted((one, other) => (one.day < other.day ? -1 : 1)),
    cost: { requests: 1, itemsRead: 3, readUnits: 0.5 },
  });
}

/** Builds the sums of so many successful jobs, each of which wrote so many bytes into its row. */
export function aUsage(success: number, bytes: number, changes: Partial<Usage> = {}): Usage {
  return {
    ...NO_USAGE,
    jobs: { ...NO_USAGE.jobs, success },
    written: {
      inline: { count: bytes === 0 ? 0 : success, bytes: success * bytes },
      s3: { count: 0, bytes: 0 },
    },
    writeUnits: success * 3,
    ...changes,
  };
}
