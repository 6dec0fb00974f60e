import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import type { Budget, Weight } from '#shared/domain/usage/budget.ts';
import { decideCount, markOf } from '#shared/domain/usage/decide-count.ts';
import { decideShare, scopesOver } from '#shared/domain/usage/decide-share.ts';
import type { Ledger } from '#shared/domain/usage/ledger.ts';
import { ledgerMoves } from '#shared/domain/usage/ledger-moves.ts';
import { measuredSpan } from '#shared/domain/usage/measured-span.ts';
import type { Prices } from '#shared/domain/usage/prices.ts';
import { scheduleForecast } from '#shared/domain/usage/schedule-forecast.ts';
import type { Usage } from '#shared/domain/usage/usage.ts';
import { usageRates } from '#shared/domain/usage/usage-rates.ts';
import { weightOf } from '#shared/domain/usage/weight-of.ts';
import type { LedgerCounter } from '#shared/ports/ledger-store.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';
import type { UsageReader } from '#shared/ports/usage-store.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** What counting needs. */
export interface CountBudgetsPorts {
  readonly now: WallClock;
  readonly budgets: readonly Budget[];
  readonly counter: LedgerCounter;
  readonly schedules: Pick<ScheduleStore, 'list'>;
  readonly usage: Pick<UsageReader, 'totals' | 'days'>;
  /** Absent where the region's are not known. */
  readonly prices?: Prices;
  /** Whether there is time for another page. */
  readonly hasTime: () => boolean;
  /** Tells of a schedule that could not be looked at. */
  readonly report: (scheduleId: string, error: unknown) => void;
}

/** What counting came to. */
export interface CountedBudgets {
  /** Schedules whose share was written. */
  readonly reweighed: number;
  /** The ledgers of all budgets, where the round came to its end. */
  readonly ledgers: readonly Ledger[];
}

/** So many schedules are read at once, and so often in one sweep: a thousand in all. */
const PAGE_SIZE = 100;
const MOST_PAGES = 10;

/**
 * Counts a thousand schedules into the ledgers as they are by now: how large their results have been, how often those ran that others
 * start, and which budgets there are. A stack without budgets is asked nothing.
 *
 * Each share is written on condition that the schedule is as it was read, together with its ledgers. What is written meanwhile has
 * counted itself in.
 *
 * @throws {AlmanacError} `store.unavailable` where a page cannot be read.
 */
export async function countBudgets(ports: CountBudgetsPorts): Promise<CountedBudgets> {
  const { budgets, counter } = ports;
  if (budgets.length === 0) return { reweighed: 0, ledgers: [] };
  const mark = markOf(budgets);
  const now = ports.now();
  const decision = decideCount(await counter.readPlace(), mark, now);
  if (decision.kind === 'rest') return { reweighed: 0, ledgers: [] };
  const { roundAt } = decision;
  let { after } = decision;
  let reweighed = 0;
  let pages = 0;
  do {
    const { schedules, next } = await ports.schedules.list({
      limit: PAGE_SIZE,
      ...(after !== undefined && { after }),
    });
    reweighed += await countPage(
      schedules.map(({ definition }) => definition),
      now,
      ports,
    );
    after = next;
    pages += 1;
  } while (after !== undefined && pages < MOST_PAGES && ports.hasTime());
  const ledgers: Ledger[] = [];
  if (after === undefined)
    for (const budget of budgets) ledgers.push(await counter.noteCounted(budget, now));
  await counter.writePlace({ roundAt, mark, ...(after !== undefined && { after }) });
  return { reweighed, ledgers };
}

/** One after the other, as most move the same ledgers. */
async function countPage(
  page: readonly ScheduleDefinition[],
  now: EpochSeconds,
  ports: CountBudgetsPorts,
): Promise<number> {
  const counted = page.filter(
    ({ metadata, share }) => share || scopesOver(metadata, ports.budgets).length > 0,
  );
  if (counted.length === 0) return 0;
  const ids = counted.flatMap(({ scheduleId, task }) => [scheduleId, `task:${task}`]);
  const { usages } = await ports.usage.totals([...new Set(ids)]);
  const known = new Map(usages.map(({ scheduleId, usage }) => [scheduleId, usage]));
  let reweighed = 0;
  for (const definition of counted)
    try {
      if (await count(definition, { now, known }, ports)) reweighed += 1;
    } catch (error) {
      ports.report(definition.scheduleId, error);
    }
  return reweighed;
}

interface Known {
  readonly now: EpochSeconds;
  readonly known: ReadonlyMap<string, Usage>;
}

async function count(
  definition: ScheduleDefinition,
  known: Known,
  ports: CountBudgetsPorts,
): Promise<boolean> {
  const { share: before, metadata } = definition;
  const scopes = scopesOver(metadata, ports.budgets);
  const decision = decideShare(before, await weigh(definition, known, ports), scopes);
  if (decision.kind === 'as-it-is') return false;
  const moves = ledgerMoves(before, decision.share, ports.budgets);
  return ports.counter.reweigh(definition, decision.share, moves);
}

async function weigh(
  definition: ScheduleDefinition,
  { now, known }: Known,
  { usage, prices }: CountBudgetsPorts,
): Promise<Weight> {
  const { scheduleId, task, trigger } = definition;
  const span = measuredSpan(now);
  const isMeasured = trigger['kind'] === 'after';
  const measured =
    isMeasured && usageRates((await usage.days({ scheduleId, ...span })).days, span.to);
  const own = known.get(scheduleId);
  const direct = known.get(`task:${task}`);
  return weightOf(
    scheduleForecast(definition, {
      now,
      ...(own && { own }),
      ...(direct && { direct }),
      ...(measured && { measured }),
      ...(prices && { prices }),
    }),
  );
}
