import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip, zstdCompressSync } from 'node:zlib';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { settledRowBytes } from '#shared/domain/job/job-row.ts';
import type { ClaimedJob, Settlement } from '#shared/domain/job/settlement.ts';
import { decideTier } from '#shared/domain/result/decide-tier.ts';
import { payloadClassFor, payloadKey } from '#shared/domain/result/payload-class.ts';
import { serializeResult } from '#shared/domain/result/serialize-result.ts';
import type { ResultContent, StoredResult } from '#shared/domain/result/stored-result.ts';
import type { RunnerPorts } from '#shared/runner/runner-ports.ts';

const compressGzip = promisify(gzip);
const SECONDS_PER_DAY = 86_400;

/**
 * Brings a result into the form in which the settling write takes it; a large one is in S3 when this returns.
 *
 * @param settlement - The rest of the settlement, whose size counts in the row; without `resultExpiresAt` nothing is stored.
 * @throws {AlmanacError} `store.unavailable` where S3 did not take it.
 */
export async function storeResult(
  value: unknown,
  { job, settlement }: { readonly job: ClaimedJob; readonly settlement: Settlement },
  ports: Pick<RunnerPorts, 'payloads'>,
): Promise<StoredResult> {
  if (settlement.expiry.resultExpiresAt === undefined) return { state: 'off' };
  const serialized = serializeResult(value);
  switch (serialized.kind) {
    case 'unserializable':
      return { state: 'unserializable', reason: serialized.reason };
    case 'too-large':
      return { state: 'too-large', bytes: serialized.bytes };
    case 'json': {
      const { text, bytes } = serialized;
      const content = await place({ text, bytes, job, settlement }, ports);
      return { state: 'stored', bytes, content };
    }
  }
}

interface Placing {
  readonly text: string;
  readonly bytes: number;
  readonly job: ClaimedJob;
  readonly settlement: Settlement;
}

async function place(
  placing: Placing,
  ports: Pick<RunnerPorts, 'payloads'>,
): Promise<ResultContent> {
  const { text, bytes, job, settlement } = placing;
  const empty: StoredResult = {
    state: 'stored',
    bytes,
    content: { kind: 'zstd', data: new Uint8Array() },
  };
  let compressed: Uint8Array | undefined;
  const compress = () => {
    compressed ??= zstdCompressSync(text);
    return compressed;
  };
  const tier = decideTier({
    row: settledRowBytes(job, { ...settlement, result: empty }),
    json: bytes,
    compressed: () => compress().byteLength,
  });
  if (tier === 'text') return { kind: 'text', text };
  if (tier === 'zstd') return { kind: 'zstd', data: compress() };
  return putPayload(placing, ports);
}

async function putPayload(
  { text, bytes, job, settlement }: Placing,
  ports: Pick<RunnerPorts, 'payloads'>,
): Promise<ResultContent> {
  const { finishedAt, expiry } = settlement;
  const days = payloadClassFor((expiry.resultExpiresAt ?? finishedAt) - finishedAt);
  const key = payloadKey(job, days);
  const body = await compressGzip(text);
  const payloads = await ports.payloads();
  await payloads.putResult({ key, body, type: 'application/json', encoding: 'gzip' });
  return {
    kind: 'payload',
    payload: {
      key,
      bytes,
      storedBytes: body.byteLength,
      sha256: createHash('sha256').update(text).digest('hex'),
      encoding: 'gzip',
      type: 'application/json',
      keptUntil: toIso(finishedAt + days * SECONDS_PER_DAY),
    },
  };
}
