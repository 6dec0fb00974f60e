import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import { measureJobs } from '#shared/domain/job/measure-jobs.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { Metric, MetricsWriter } from '#shared/ports/metrics-writer.ts';
import { readMeasure } from './read-measure.ts';

/**
 * Measures the jobs that have settled in a batch, by task: how many with which outcome, and how late each began.
 *
 * It comes last, when all that may fail has gone well; a batch that is delivered twice all the same is measured twice.
 */
export function writeMetrics(
  changes: readonly StreamChange[],
  { metrics }: { readonly metrics: MetricsWriter },
): void {
  const measures = measureJobs(changes.flatMap((change) => readMeasure(change) ?? []));
  for (const { task, outcomes, latenessMs } of measures) {
    const counts = [...outcomes].map(
      ([outcome, count]): Metric => ({ name: NAMES[outcome], unit: 'Count', values: [count] }),
    );
    const lateness: Metric = { name: 'Lateness', unit: 'Milliseconds', values: latenessMs };
    metrics.write([...counts, ...(latenessMs.length > 0 ? [lateness] : [])], { task });
  }
}

const NAMES: Readonly<Record<Outcome, string>> = {
  success: 'Success',
  error: 'Error',
  'timed-out': 'TimedOut',
  missed: 'Missed',
  skipped: 'Skipped',
  cancelled: 'Cancelled',
  abandoned: 'Abandoned',
  undelivered: 'Undelivered',
};
