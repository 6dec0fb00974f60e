import { Metrics } from '@aws-lambda-powertools/metrics';
import type { MetricsWriter } from '#shared/ports/metrics-writer.ts';

/** The namespace of all metrics of Almanac. */
const NAMESPACE = 'Almanac';

/**
 * Writes metrics into the function's log, in the form that CloudWatch makes metrics of: no call, and no right to make one.
 *
 * @param stack - The stack's name, which is the dimension `service` of every metric.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetricsWriter(stack: string): MetricsWriter {
  return {
    write: (metrics, dimensions) => {
      if (metrics.length === 0) return;
      // As defaults they stay when the library writes a line early, after a hundred values.
      const writer = new Metrics({
        namespace: NAMESPACE,
        serviceName: stack,
        defaultDimensions: { ...dimensions },
      });
      for (const { name, unit, values } of metrics)
        for (const value of values) writer.addMetric(name, unit, value);
      writer.publishStoredMetrics();
    },
  };
}
