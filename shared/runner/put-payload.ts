import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import {
  type PayloadClassDays,
  payloadClassFor,
  payloadKey,
  sharedClassFor,
  sharedPayloadKey,
} from '#shared/domain/result/payload-class.ts';
import type { PayloadPointer } from '#shared/domain/result/stored-result.ts';
import type { PayloadStore } from '#shared/ports/payload-store.ts';
import type { ResultContext, ResultJson } from '#shared/runner/result-context.ts';

const compressGzip = promisify(gzip);
const SECONDS_PER_DAY = 86_400;

type Context = Pick<ResultContext, 'job' | 'settlement'>;
type Ports<Write extends 'putResult' | 'putShared'> = {
  readonly payloads: () => Promise<Pick<PayloadStore, Write>>;
};

/**
 * Writes a result to the bucket, as its attempt's own object.
 *
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function putPayload(
  json: ResultJson,
  { job, settlement }: Context,
  ports: Ports<'putResult'>,
): Promise<PayloadPointer> {
  const days = payloadClassFor(keptSeconds(settlement));
  const { object, pointer } = await prepare(json, payloadKey(job, days));
  const payloads = await ports.payloads();
  await payloads.putResult(object);
  return { ...pointer, keptUntil: keptUntil(settlement, days) };
}

/**
 * Writes a result that all jobs of its schedule share that returned it, or finds that the object which is there lasts long enough.
 *
 *     put ── class's days ── keptUntil ── the lifecycle rule, days later
 *       |── a job that expires by then shares it ──|── a later one puts it anew, which begins the days again
 *
 * @param known - The pointer of the last job that had the same result, where that is in the bucket.
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function putSharedPayload(
  json: ResultJson & { readonly hash: string; readonly known: PayloadPointer | undefined },
  { job, settlement }: Context,
  ports: Ports<'putShared'>,
): Promise<PayloadPointer> {
  const { hash, known } = json;
  const days = sharedClassFor(keptSeconds(settlement));
  const key = sharedPayloadKey({ scheduleId: job.key.scheduleId, hash }, days);
  const { resultExpiresAt = settlement.finishedAt } = settlement.expiry;
  if (known?.key === key && known.keptUntil >= toIso(resultExpiresAt)) return known;
  const { object, pointer } = await prepare(json, key);
  const payloads = await ports.payloads();
  await payloads.putShared(object);
  return { ...pointer, keptUntil: keptUntil(settlement, days) };
}

function keptSeconds({ finishedAt, expiry }: Context['settlement']): number {
  return (expiry.resultExpiresAt ?? finishedAt) - finishedAt;
}

function keptUntil({ finishedAt }: Context['settlement'], days: PayloadClassDays): string {
  return toIso(finishedAt + days * SECONDS_PER_DAY);
}

async function prepare({ text, bytes }: ResultJson, key: string) {
  const body = await compressGzip(text);
  const [type, encoding] = ['application/json', 'gzip'] as const;
  const sha256 = createHash('sha256').update(text).digest('hex');
  return {
    object: { key, body, type, encoding },
    pointer: { key, bytes, storedBytes: body.byteLength, sha256, encoding, type },
  };
}
