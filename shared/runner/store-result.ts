import type { StartPolicy } from '#shared/domain/job/policy.ts';
import { serializeResult } from '#shared/domain/result/serialize-result.ts';
import type { StoredResult } from '#shared/domain/result/stored-result.ts';
import { utf8Bytes } from '#shared/domain/result/utf8.ts';
import { placeResult } from '#shared/runner/place-result.ts';
import { putPayload } from '#shared/runner/put-payload.ts';
import type { ResultContext, ResultJson, StoreResultPorts } from '#shared/runner/result-context.ts';

/**
 * Brings a result into the form in which the settling write takes it; a large one is in S3 when this returns. What its schedule has
 * taken out of it is gone before any of it leaves the process.
 *
 * What few policies ask for is loaded by those alone.
 *
 * @throws {AlmanacError} `store.unavailable` where S3 did not take it, or what it has to be compared with could not be read.
 */
export async function storeResult(
  value: unknown,
  context: ResultContext,
  ports: StoreResultPorts,
): Promise<StoredResult> {
  if (context.settlement.expiry.resultExpiresAt === undefined) return { state: 'off' };
  if (context.policy.persist === 'on-error')
    return { state: 'not-selected', reason: 'its schedule keeps failures alone' };
  const { largestResultBytes: largestBytes } = ports;
  const serialized = serializeResult(value, largestBytes === undefined ? {} : { largestBytes });
  switch (serialized.kind) {
    case 'unserializable':
      return { state: 'unserializable', reason: serialized.reason };
    case 'too-large':
      return { state: 'too-large', bytes: serialized.bytes };
    case 'json': {
      const shaped = await shape(serialized, context.policy, ports);
      return 'state' in shaped ? shaped : storeJson(shaped, context, ports);
    }
  }
}

async function shape(
  json: ResultJson,
  policy: StartPolicy,
  ports: StoreResultPorts,
): Promise<ResultJson | Extract<StoredResult, { state: 'not-selected' }>> {
  if (policy.redact === undefined && policy.select === undefined) return json;
  const { shapeResult } = await import('#shared/runner/shape-result.ts');
  const shaped = await shapeResult(JSON.parse(json.text), policy, ports.redactionKey);
  if (shaped.kind === 'not-selected') return { state: 'not-selected', reason: shaped.reason };
  const text = JSON.stringify(shaped.value);
  return { text, bytes: utf8Bytes(text) };
}

async function storeJson(
  json: ResultJson,
  context: ResultContext,
  ports: StoreResultPorts,
): Promise<StoredResult> {
  if (context.policy.persist === 'on-change') {
    const { storeChanged } = await import('#shared/runner/store-changed.ts');
    return storeChanged(json, context, ports);
  }
  const content = await placeResult(json, { ...context, flags: { state: 'stored' } }, () =>
    putPayload(json, context, ports),
  );
  return { state: 'stored', bytes: json.bytes, content };
}
