import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { addValue, type MetricSum } from '#shared/domain/rollup/metric-sum.ts';
import {
  DEFAULT_METRICS_EXPIRATION_SECONDS,
  type MeasuredResult,
} from '#shared/domain/rollup/result-metric.ts';

/** What the metrics of one schedule came to in an hour or a day, by the fire times of its jobs. */
export interface Rollup {
  /** By name; the names are those that the schedule had when its jobs settled, {@link MOST_ROLLED_UP} at most. */
  readonly metrics: ReadonlyMap<string, MetricSum>;
  /** Sequence number of the last settle that is counted in here. */
  readonly settledUpTo: string;
  /** From then on it is hidden, and leaves by TTL: so long after the last job in it as that job's schedule said. */
  readonly expiresAt: EpochSeconds;
}

/** A job that has settled with a result that was measured. */
export interface MeasuredJob {
  /** The stream's sequence number, in the form in which text order is number order. */
  readonly sequence: string;
  readonly finishedAt: EpochSeconds;
  readonly measured: MeasuredResult;
}

/**
 * A schedule whose metrics are renamed again and again would have an hour with names without end. With so many an item has 110 KB at the
 * very most, of the 400 KB that DynamoDB takes.
 */
const MOST_ROLLED_UP = 20;

/**
 * Counts measured jobs into a rollup, each once: one at or below the fence has been counted before, in this delivery or an earlier one.
 *
 * One that had expired when a job finished begins anew with it, so that what is hidden does not come back, whether or not TTL has deleted it.
 *
 * @param rollup - Absent before the first job.
 * @param jobs - Of one schedule and one hour or day, in the stream's order; repeated and overlapping deliveries are harmless.
 * @returns The same object where there is nothing new.
 */
export function rollUp(
  rollup: Rollup | undefined,
  jobs: readonly MeasuredJob[],
): Rollup | undefined {
  return jobs.reduce(countJob, rollup);
}

function countJob(
  rollup: Rollup | undefined,
  { sequence, finishedAt, measured }: MeasuredJob,
): Rollup | undefined {
  if (rollup && sequence <= rollup.settledUpTo) return rollup;
  const { values, keptSeconds = DEFAULT_METRICS_EXPIRATION_SECONDS } = measured;
  const isOver = rollup !== undefined && rollup.expiresAt <= finishedAt;
  const metrics = new Map(isOver ? [] : rollup?.metrics);
  for (const [name, value] of Object.entries(values))
    if (metrics.has(name) || metrics.size < MOST_ROLLED_UP)
      metrics.set(name, addValue(metrics.get(name), value));
  return { metrics, settledUpTo: sequence, expiresAt: finishedAt + keptSeconds };
}
