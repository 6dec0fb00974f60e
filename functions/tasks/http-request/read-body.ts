import type { IncomingMessage } from 'node:http';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import { RequestFailed } from './request-failed.ts';

/** The encodings that are asked for and undone; a body of another stays as it came. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/**
 * Reads the body of an answer, decoded, and no further than its limit: a small body that grows without end as it is decoded is given up
 * on the way.
 *
 * @throws {RequestFailed} `BodyTooLarge`; the stream's own error where the body breaks off.
 */
export async function readBody(
  answer: IncomingMessage,
  { method, maxBytes }: { readonly method: string; readonly maxBytes: number },
): Promise<Buffer> {
  if (method === 'HEAD') {
    answer.destroy();
    return Buffer.alloc(0);
  }
  const declared = Number(answer.headers['content-length'] ?? 0);
  if (declared > maxBytes) {
    answer.destroy();
    throw tooLarge(maxBytes);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  const kept = new Writable({
    write: (chunk: Buffer, _, taken) => {
      bytes += chunk.byteLength;
      chunks.push(chunk);
      taken(bytes > maxBytes ? tooLarge(maxBytes) : null);
    },
  });
  await pipeline([answer, ...decoders(answer.headers['content-encoding']), kept]);
  return Buffer.concat(chunks);
}

function decoders(encoding = 'identity'): readonly NodeJS.ReadWriteStream[] {
  if (encoding === 'br') return [createBrotliDecompress()];
  return ['gzip', 'x-gzip', 'deflate'].includes(encoding) ? [createUnzip()] : [];
}

function tooLarge(maxBytes: number): RequestFailed {
  return new RequestFailed(
    'BodyTooLarge',
    `Expected a body of at most ${maxBytes} bytes, got more; the input's maxBytes can be raised.`,
  );
}
