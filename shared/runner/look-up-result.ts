import type { StartPolicy } from '#shared/domain/job/policy.ts';
import type { Settlement } from '#shared/domain/job/settlement.ts';
import { indexValueOf } from '#shared/domain/result/index-value.ts';
import { serializeResult } from '#shared/domain/result/serialize-result.ts';
import { type MeasuredResult, metricValueOf } from '#shared/domain/rollup/result-metric.ts';
import type { RunnerPorts } from '#shared/runner/runner-ports.ts';

/** What a schedule looks up in its results. */
type LookedUp = Pick<StartPolicy, 'indexes' | 'metrics' | 'metricsExpirationTime' | 'redact'>;

/**
 * Looks up in a result what its job is to be found by, and what of it is to be counted, whether or not the result is kept.
 *
 * The paths are applied to the result's JSON without what `redact` takes out of it, so that neither tells what the result must not; what
 * `select` leaves out is looked at too. JMESPath is loaded where a schedule has declared paths, so that no other job waits for it.
 *
 * @returns Neither where none are declared, and for a result that is no JSON, or too large; no `metrics` where no path leads to a number.
 * @throws {AlmanacError} `store.unavailable` where the key that redacted values are hashed with could not be read.
 */
export async function lookUpResult(
  value: unknown,
  policy: LookedUp,
  ports: Pick<RunnerPorts, 'redactionKey'>,
): Promise<Pick<Settlement, 'indexes' | 'metrics'>> {
  const { indexes, metrics = [], redact } = policy;
  if (!indexes && metrics.length === 0) return {};
  const serialized = serializeResult(value);
  if (serialized.kind !== 'json') return {};
  const json: unknown = JSON.parse(serialized.text);
  const seen = redact ? await redacted(json, redact, ports) : json;
  const { queryJson } = await import('#shared/domain/result/query-json.ts');
  const lookUp = (path: string) => {
    // What does not suit what is there finds nothing; that a path parses the API has seen to.
    const found = queryJson(path, seen);
    return found.kind === 'found' ? found.value : null;
  };
  const found = Object.entries(indexes ?? {}).map(([name, path]) => [
    name,
    indexValueOf(lookUp(path)),
  ]);
  const measured = measuredBy(policy, lookUp);
  return {
    ...(indexes && { indexes: Object.fromEntries(found) }),
    ...(measured && { metrics: measured }),
  };
}

function measuredBy(
  { metrics = [], metricsExpirationTime: keptSeconds }: LookedUp,
  lookUp: (path: string) => unknown,
): MeasuredResult | undefined {
  const values = metrics.flatMap(({ name, path }) => {
    const value = metricValueOf(lookUp(path));
    return value === undefined ? [] : [[name, value]];
  });
  if (values.length === 0) return undefined;
  return {
    values: Object.fromEntries(values),
    ...(keptSeconds !== undefined && { keptSeconds }),
  };
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
