import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { addCosts, type ReadCost } from '#shared/domain/read-cost.ts';
import { type MetricSum, mergeSums, quantileIn } from '#shared/domain/rollup/metric-sum.ts';
import { grainOf, type Step, stepStart } from '#shared/domain/rollup/step.ts';
import type { RollupPage, RollupRange, RollupReader } from '#shared/ports/rollup-store.ts';

/** What is asked for: the steps that begin from `from` to `to`. */
export type MetricsRange = Omit<RollupRange, 'grain' | 'after'> & { readonly step: Step };

/** What one metric came to in one step. */
export interface MetricPoint {
  /** When the step begins, as ISO 8601. */
  readonly from: string;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
}

/** The points of each metric that was counted, by name, oldest first. */
export interface ReadPoints {
  readonly points: ReadonlyMap<string, readonly MetricPoint[]>;
  readonly cost: ReadCost;
}

/**
 * Reads the rollups of a range page by page, and merges those of each step; no more of them are held than one page has.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function readPoints(
  { step, ...range }: MetricsRange,
  reader: RollupReader,
): Promise<ReadPoints> {
  const points = new Map<string, MetricPoint[]>();
  const costs: ReadCost[] = [];
  let open: OpenStep | undefined;
  let after: RollupPage['next'];
  do {
    const asked = { ...range, grain: grainOf(step), ...(after !== undefined && { after }) };
    const page = await reader.page(asked);
    for (const { from, rollup } of page.rollups) {
      const start = stepStart(step, from);
      if (open?.start !== start) {
        close(open, points);
        open = { start, sums: new Map() };
      }
      for (const [name, sum] of rollup.metrics)
        open.sums.set(name, mergeSums(open.sums.get(name), sum));
    }
    costs.push(page.cost);
    after = page.next;
  } while (after !== undefined);
  close(open, points);
  return { points, cost: addCosts(costs) };
}

/** The step whose rollups are being merged. */
interface OpenStep {
  readonly start: EpochSeconds;
  readonly sums: Map<string, MetricSum>;
}

function close(open: OpenStep | undefined, points: Map<string, MetricPoint[]>): void {
  for (const [name, sum] of open?.sums ?? []) {
    const known = points.get(name) ?? [];
    points.set(name, known);
    known.push(pointOf(open?.start ?? 0, sum));
  }
}

function pointOf(start: EpochSeconds, sum: MetricSum): MetricPoint {
  const { count, min, max } = sum;
  return {
    from: toIso(start),
    count,
    min,
    max,
    mean: sum.sum / count,
    p50: quantileIn(sum, 0.5),
    p95: quantileIn(sum, 0.95),
  };
}
