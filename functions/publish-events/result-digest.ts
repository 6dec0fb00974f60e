import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { ResultContent } from '#shared/domain/result/stored-result.ts';

const expandZstd = promisify(zstdDecompress);

/** Gives the SHA-256 of a result's JSON, in hexadecimal, wherever it lies; that of an object in the bucket stands in its row. */
export async function resultDigest(content: ResultContent): Promise<string> {
  switch (content.kind) {
    case 'text':
      return sha256(content.text);
    case 'zstd':
      return sha256(await expandZstd(content.data));
    case 'payload':
      return content.payload.sha256;
  }
}

function sha256(json: string | Uint8Array): string {
  return createHash('sha256').update(json).digest('hex');
}
