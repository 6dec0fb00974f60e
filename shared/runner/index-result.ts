import type { StartPolicy } from '#shared/domain/job/policy.ts';
import { type IndexValues, indexValueOf } from '#shared/domain/result/index-value.ts';
import { serializeResult } from '#shared/domain/result/serialize-result.ts';
import type { RunnerPorts } from '#shared/runner/runner-ports.ts';

/**
 * Looks up in a result what its job is to be found by, whether or not the result is kept.
 *
 * The paths are applied to the result's JSON without what `redact` takes out of it, so that no index tells what the result must not; what
 * `select` leaves out can be found by. JMESPath is loaded where a schedule has declared indexes, so that no other job waits for it.
 *
 * @returns `undefined` where none are declared, and for a result that is no JSON, or too large.
 * @throws {AlmanacError} `store.unavailable` where the key that redacted values are hashed with could not be read.
 */
export async function indexResult(
  value: unknown,
  { indexes, redact }: Pick<StartPolicy, 'indexes' | 'redact'>,
  ports: Pick<RunnerPorts, 'redactionKey'>,
): Promise<IndexValues | undefined> {
  if (!indexes) return undefined;
  const serialized = serializeResult(value);
  if (serialized.kind !== 'json') return undefined;
  const json: unknown = JSON.parse(serialized.text);
  const seen = redact ? await redacted(json, redact, ports) : json;
  const { queryJson } = await import('#shared/domain/result/query-json.ts');
  const lookUp = (path: string) => {
    // What does not suit what is there finds nothing; that a path parses the API has seen to.
    const found = queryJson(path, seen);
    return found.kind === 'found' ? indexValueOf(found.value) : null;
  };
  return Object.fromEntries(Object.entries(indexes).map(([name, path]) => [name, lookUp(path)]));
}

async function redacted(
  json: unknown,
  redact: NonNullable<StartPolicy['redact']>,
  ports: Pick<RunnerPorts, 'redactionKey'>,
): Promise<unknown> {
  const { shapeResult } = await import('#shared/runner/shape-result.ts');
  const shaped = await shapeResult(json, { redact }, ports.redactionKey);
  return shaped.kind === 'shaped' ? shaped.value : null;
}
