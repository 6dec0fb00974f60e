import { isOverdrawn } from '#shared/domain/usage/ledger.ts';
import type { Metric, MetricsWriter } from '#shared/ports/metrics-writer.ts';
import { REPAIRS, type Repair } from './repair.ts';
import type { Swept } from './sweep.ts';

/**
 * Measures a sweep: what it saw, each kind of repair that it made, how long a round took that has come to its end, and how many budgets
 * are exceeded, once a day.
 *
 * What was none is not written: a metric that is never written costs nothing.
 */
export function writeMetrics(swept: Swept, metrics: MetricsWriter): void {
  const repairs = REPAIRS.filter((repair) => swept.repairs[repair] > 0).map(
    (repair): Metric => ({ name: nameOf(repair), unit: 'Count', values: [swept.repairs[repair]] }),
  );
  const { seen, roundSeconds } = swept;
  const overdrawn = swept.budgets.ledgers.filter(isOverdrawn).length;
  metrics.write([
    { name: 'SweepSeen', unit: 'Count', values: [seen] },
    ...(roundSeconds === undefined
      ? []
      : [{ name: 'SweepRoundSeconds', unit: 'Seconds' as const, values: [roundSeconds] }]),
    ...(overdrawn === 0
      ? []
      : [{ name: 'BudgetsExceeded', unit: 'Count' as const, values: [overdrawn] }]),
    ...repairs,
  ]);
}

/** `SweepStarted` for `started`. */
function nameOf(repair: Repair): string {
  return `Sweep${repair.charAt(0).toUpperCase()}${repair.slice(1)}`;
}
