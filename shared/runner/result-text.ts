import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import type { ResultContent } from '#shared/domain/result/stored-result.ts';
import type { PayloadStore } from '#shared/ports/payload-store.ts';

const expandGzip = promisify(gunzip);
const expandZstd = promisify(zstdDecompress);

/**
 * Reads the JSON text of a stored result, wherever it lies.
 *
 * @returns `undefined` where its object is gone, and for a file, which has no JSON.
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function resultText(
  content: ResultContent,
  payloads: () => Promise<Pick<PayloadStore, 'getResult'>>,
): Promise<string | undefined> {
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'zstd':
      return (await expandZstd(content.data)).toString();
    case 'payload': {
      if (content.payload.encoding === undefined) return undefined;
      const store = await payloads();
      const object = await store.getResult(content.payload.key);
      return object && (await expandGzip(object)).toString();
    }
  }
}
