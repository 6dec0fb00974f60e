import { pointerOf } from '#shared/contracts/faults-of.ts';
import type { RequestFault } from '#shared/domain/almanac-error.ts';
import { findQueryFault } from '#shared/domain/result/query-json.ts';
import type { ResultMetric } from '#shared/domain/rollup/result-metric.ts';

/** Finds the declared metrics whose path is no JMESPath. */
export function findMetricFaults(
  metrics: readonly ResultMetric[] | undefined,
): readonly RequestFault[] {
  return (metrics ?? []).flatMap(({ name, path }, at) => {
    const fault = findQueryFault(path);
    if (fault === undefined) return [];
    return [
      {
        pointer: pointerOf(['metrics', at, 'path']),
        code: 'metric.invalid',
        detail: `Expected the path of metric \`${name}\` to be a JMESPath, got one that does not parse: ${fault}`,
      },
    ];
  });
}
