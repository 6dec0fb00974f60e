import type { IncomingMessage } from 'node:http';

/**
 * Reads a request's body whole, as long as it keeps to a bound.
 *
 * What comes after the bound is thrown away unread, not refused: a client that is still writing would otherwise see a
 * broken connection in place of the answer.
 *
 * @param maxBytes - Inclusive.
 * @returns `undefined` when the body is larger.
 * @throws the stream's error when the client goes away meanwhile.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    request.resume();
    return undefined;
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else resolve(undefined);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () =>
      reject(new Error('Expected a whole body, got a closed connection.')),
    );
  });
}
