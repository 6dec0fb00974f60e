import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { queryJson } from '#shared/domain/result/query-json.ts';
import { invalidRequest } from './invalid-request.ts';
import { type ReadResultPorts, readResult } from './read-result.ts';

/**
 * Finds a part of a job's result by a JMESPath.
 *
 * @returns What it finds as JSON; `null` where that is nothing.
 * @throws {AlmanacError} `request.invalid` where it fails on this result; else as `readResult` does.
 */
export async function selectFrom(
  { id, select }: { readonly id: string; readonly select: string },
  now: EpochSeconds,
  ports: ReadResultPorts,
): Promise<string> {
  const found = queryJson(select, await readResult(id, now, ports));
  if (found.kind === 'found') return JSON.stringify(found.value) ?? 'null';
  throw invalidRequest([
    {
      pointer: '/select',
      code: 'select.invalid',
      detail: `Expected \`select\` to be a JMESPath that holds for this result, got one that fails on it: ${found.reason}`,
    },
  ]);
}
