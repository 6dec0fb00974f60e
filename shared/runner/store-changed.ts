import { createHash } from 'node:crypto';
import type { Job } from '#shared/domain/job/job.ts';
import { canonicalJson } from '#shared/domain/result/canonical-json.ts';
import type { PayloadPointer, StoredResult } from '#shared/domain/result/stored-result.ts';
import { placeResult } from '#shared/runner/place-result.ts';
import { putPayload, putSharedPayload } from '#shared/runner/put-payload.ts';
import type { ResultContext, ResultJson, StoreResultPorts } from '#shared/runner/result-context.ts';

/**
 * Stores a result so that it can be seen whether it has changed: one that is as that of the success before, by its fire time, is
 * flagged, and a large one is not stored twice.
 *
 * A result whose predecessor has expired counts as changed, as nobody could compare the two.
 *
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function storeChanged(
  json: ResultJson,
  context: ResultContext,
  ports: StoreResultPorts,
): Promise<StoredResult> {
  const hash = createHash('sha256')
    .update(canonicalJson(JSON.parse(json.text)))
    .digest('hex');
  const same = await findSame(hash, context, ports);
  const flags = same
    ? ({ state: 'unchanged', hash, sameAs: same.sameAs ?? same.id } as const)
    : ({ state: 'stored', hash } as const);
  const content = await placeResult(json, { ...context, flags }, async () => {
    // What is held would be kept for years by whoever shares it.
    if (context.settlement.expiry.ownExpiry) return putPayload(json, context, ports);
    const known = same && (await payloadOf(same, ports));
    return putSharedPayload({ ...json, hash, known }, context, ports);
  });
  return { ...flags, bytes: json.bytes, content };
}

async function findSame(
  hash: string,
  { job, settlement }: ResultContext,
  ports: StoreResultPorts,
): Promise<Job | undefined> {
  const history = await ports.history();
  const before = await history.successBefore(job.key, settlement.finishedAt);
  const isThere = (before?.resultExpiresAt ?? 0) > settlement.finishedAt;
  return isThere && before?.resultHash === hash ? before : undefined;
}

async function payloadOf(
  { key }: Job,
  ports: StoreResultPorts,
): Promise<PayloadPointer | undefined> {
  const history = await ports.history();
  const { content } = (await history.get(key)) ?? {};
  return content?.kind === 'payload' ? content.payload : undefined;
}
