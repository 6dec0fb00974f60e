import { zstdCompressSync } from 'node:zlib';
import { settledRowBytes } from '#shared/domain/job/job-row.ts';
import { decideTier } from '#shared/domain/result/decide-tier.ts';
import type {
  KeptResult,
  PayloadPointer,
  ResultContent,
} from '#shared/domain/result/stored-result.ts';
import type { ResultContext, ResultJson } from '#shared/runner/result-context.ts';

/** What the row says of a result besides its content. */
export type ResultFlags = KeptResult extends infer Kept
  ? Kept extends KeptResult
    ? Omit<Kept, 'bytes' | 'content'>
    : never
  : never;

/**
 * Puts a result where it costs least: in the row, compressed where that saves a write unit, or in the bucket.
 *
 * @param context.flags - Their size counts in the row.
 * @param putPayload - Writes it to the bucket; called only where it is too large for its row.
 */
export async function placeResult(
  { text, bytes }: ResultJson,
  context: Omit<ResultContext, 'policy'> & { readonly flags: ResultFlags },
  putPayload: () => Promise<PayloadPointer>,
): Promise<ResultContent> {
  const { job, settlement, flags } = context;
  let compressed: Uint8Array | undefined;
  const compress = () => {
    compressed ??= zstdCompressSync(text);
    return compressed;
  };
  const content: ResultContent = { kind: 'zstd', data: new Uint8Array() };
  const tier = decideTier({
    row: settledRowBytes(job, { ...settlement, result: { ...flags, bytes, content } }),
    json: bytes,
    compressed: () => compress().byteLength,
  });
  switch (tier) {
    case 'text':
      return { kind: 'text', text };
    case 'zstd':
      return { kind: 'zstd', data: compress() };
    case 'payload':
      return { kind: 'payload', payload: await putPayload() };
  }
}
