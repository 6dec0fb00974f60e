import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleDefinition, StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import { type Budget, budgetsOver, type Weight } from '#shared/domain/usage/budget.ts';
import { type BudgetCheck, checkBudgets } from '#shared/domain/usage/check-budgets.ts';
import { nextShare } from '#shared/domain/usage/decide-share.ts';
import { describeCheck } from '#shared/domain/usage/describe-check.ts';
import { type LedgerMove, ledgerMoves } from '#shared/domain/usage/ledger-moves.ts';
import { measuredSpan } from '#shared/domain/usage/measured-span.ts';
import { usageRates } from '#shared/domain/usage/usage-rates.ts';
import { weightOf } from '#shared/domain/usage/weight-of.ts';
import type { LedgerReader } from '#shared/ports/ledger-store.ts';
import { type ForecastPorts, forecastSchedule } from './forecast-schedule.ts';

/** What weighing takes. */
export interface WeighPorts extends ForecastPorts {
  readonly budgets: readonly Budget[];
  readonly ledgers: LedgerReader;
}

/** A schedule as it was written, or would be, and how it stands to the budgets that it is in. */
export interface WrittenSchedule extends StoredSchedule {
  readonly checks: readonly BudgetCheck[];
}

/** A schedule with its share of the budgets, and what writing it moves. */
export interface Weighed {
  readonly schedule: WrittenSchedule;
  readonly moves: readonly LedgerMove[];
}

/**
 * Finds what a schedule that is about to be written takes of the budgets that it is in, and how they stand to it.
 *
 * Nothing is read for a schedule that is in none.
 *
 * @param replaced - What it is written over.
 * @throws {AlmanacError} `store.unavailable`
 */
export async function weighSchedule(
  { definition, state }: StoredSchedule,
  { now, replaced }: { readonly now: EpochSeconds; readonly replaced?: ScheduleDefinition },
  ports: WeighPorts,
): Promise<Weighed> {
  const { share: _, ...unweighed } = definition;
  const before = replaced?.share;
  const budgets = budgetsOver(definition.metadata, ports.budgets);
  if (budgets.length === 0) {
    const moves = ledgerMoves(before, undefined, ports.budgets);
    return { schedule: { definition: unweighed, state, checks: [] }, moves };
  }
  const [weight, { ledgers }] = await Promise.all([
    weigh(definition, now, ports),
    ports.ledgers.read(),
  ]);
  const share = nextShare(
    before,
    weight,
    budgets.map(({ scope }) => scope),
  );
  const moves = ledgerMoves(before, share, ports.budgets);
  const checks = checkBudgets(budgets, moves, ledgers);
  return { schedule: { definition: { ...unweighed, share }, state, checks }, moves };
}

/** Tells whether a schedule would pass a budget which does not let itself be passed. */
export function isRefused({ checks }: WrittenSchedule): boolean {
  return checks.some(refuses);
}

/**
 * Refuses a schedule that would pass a budget which does not let itself be passed.
 *
 * @throws {AlmanacError} `budget.exceeded`
 */
export function refuseExceeded({ checks }: WrittenSchedule): void {
  const refused = checks.filter(refuses);
  if (refused.length === 0) return;
  throw new AlmanacError('budget.exceeded', refused.map(describeCheck).join(' '));
}

function refuses({ budget, isExceeded }: BudgetCheck): boolean {
  return isExceeded && budget.onExceeded === 'refuse';
}

async function weigh(
  definition: ScheduleDefinition,
  now: EpochSeconds,
  ports: WeighPorts,
): Promise<Weight> {
  const { scheduleId, trigger } = definition;
  if (trigger['kind'] !== 'after')
    return weightOf(await forecastSchedule(definition, { now }, ports));
  const span = measuredSpan(now);
  const { days } = await ports.usage.days({ scheduleId, ...span });
  const measured = usageRates(days, span.to);
  return weightOf(
    await forecastSchedule(definition, { now, ...(measured && { measured }) }, ports),
  );
}
