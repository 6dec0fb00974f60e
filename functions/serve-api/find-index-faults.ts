import { pointerOf } from '#shared/contracts/faults-of.ts';
import type { RequestFault } from '#shared/domain/almanac-error.ts';
import type { IndexPaths } from '#shared/domain/result/index-value.ts';
import { findQueryFault } from '#shared/domain/result/query-json.ts';

/** Finds the declared indexes whose path is no JMESPath. */
export function findIndexFaults(paths: IndexPaths | undefined): readonly RequestFault[] {
  return Object.entries(paths ?? {}).flatMap(([name, path]) => {
    const fault = findQueryFault(path);
    if (fault === undefined) return [];
    return [
      {
        pointer: pointerOf(['indexes', name]),
        code: 'index.invalid',
        detail: `Expected \`indexes.${name}\` to be a JMESPath, got one that does not parse: ${fault}`,
      },
    ];
  });
}
