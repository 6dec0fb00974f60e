import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATOR } from '#local/iam/caller.ts';
import { readRequestBody } from '#local/services/s3/request-body.ts';

function aRequest(body: Buffer, headers: Record<string, string>) {
  const query = new URLSearchParams();
  return { method: 'PUT', path: '/b/k', query, headers, body, caller: OPERATOR, sourceIp: '::1' };
}

const STREAMED = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };

function framed(chunks: readonly Uint8Array[], trailer: string): Buffer {
  const frames = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)};chunk-signature=ab\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...frames, Buffer.from(`0\r\n${trailer}\r\n`)]);
}

describe('readRequestBody', () => {
  it('takes any bytes out of their chunks, and the trailers after them', () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }));
    fc.assert(
      fc.property(chunks, (given) => {
        const bytes = Buffer.concat(given);
        const body = framed(given, 'X-Amz-Checksum-Crc32: AAAAAA==\r\n');
        const length = String(bytes.length);

        const read = readRequestBody(
          aRequest(body, { ...STREAMED, 'x-amz-decoded-content-length': length }),
        );

        expect(read.bytes.equals(bytes)).toBe(true);
        expect(read.trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==' });
      }),
    );
  });

  it.each([
    ['a body that ends in a chunk', '5\r\nab', '5'],
    ['a body without its last chunk', '2\r\nab\r\n', '2'],
    ['a size that is no number', 'zz\r\nab\r\n0\r\n\r\n', '2'],
    ['another length than was announced', '2\r\nab\r\n0\r\n\r\n', '3'],
  ])('refuses %s', (_, body, length) => {
    const request = aRequest(Buffer.from(body), {
      ...STREAMED,
      'x-amz-decoded-content-length': length,
    });

    expect(() => readRequestBody(request)).toThrow(
      expect.objectContaining({ code: 'IncompleteBody' }),
    );
  });

  it('refuses a body that is not the one that was signed', () => {
    const request = aRequest(Buffer.from('other'), { 'x-amz-content-sha256': '0'.repeat(64) });

    expect(() => readRequestBody(request)).toThrow(
      expect.objectContaining({ code: 'XAmzContentSHA256Mismatch' }),
    );
  });
});
