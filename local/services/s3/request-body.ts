import { createHash } from 'node:crypto';
import { ServiceFault, type WireRequest } from '#local/services/local-service.ts';

/** A body without its transfer framing, and the headers that came after it. */
export interface RequestBody {
  readonly bytes: Buffer;
  /** Lower-case names. */
  readonly trailers: Readonly<Record<string, string>>;
}

const LINE_END = Buffer.from('\r\n');

/**
 * Takes a request's body out of aws-chunked framing, where it has any, and checks it against the hash that was signed.
 *
 * Chunk signatures are not checked: no signature in a header is, on this machine.
 *
 * @throws {ServiceFault} `IncompleteBody`, `InvalidRequest` or `XAmzContentSHA256Mismatch`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function readRequestBody({ headers, body }: WireRequest): RequestBody {
  const contentHash = headers['x-amz-content-sha256'] ?? '';
  if (!contentHash.startsWith('STREAMING-')) {
    if (/^[\da-f]{64}$/.test(contentHash)) verifyContentHash(contentHash, body);
    return { bytes: body, trailers: {} };
  }
  const decoded = decodeChunks(body);
  const expectedBytes = headers['x-amz-decoded-content-length'];
  if (expectedBytes === undefined)
    throw new ServiceFault(
      'MissingContentLength',
      'You must provide the Content-Length HTTP header.',
      {
        status: 411,
      },
    );
  if (decoded.bytes.length !== Number(expectedBytes)) throw incomplete();
  return decoded;
}

function verifyContentHash(claimed: string, body: Buffer): void {
  const computed = createHash('sha256').update(body).digest('hex');
  if (computed === claimed) return;
  throw new ServiceFault(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { members: { ClientComputedContentSHA256: claimed, S3ComputedContentSHA256: computed } },
  );
}

function decodeChunks(framed: Buffer): RequestBody {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = framed.indexOf(LINE_END, at);
    if (lineEnd < 0) throw incomplete();
    const sizeText = framed.toString('latin1', at, lineEnd).split(';')[0] ?? '';
    if (!/^[\da-f]{1,8}$/i.test(sizeText)) throw incomplete();
    const size = Number.parseInt(sizeText, 16);
    const start = lineEnd + LINE_END.length;
    if (size === 0) return { bytes: Buffer.concat(chunks), trailers: readTrailers(framed, start) };
    at = start + size + LINE_END.length;
    if (at > framed.length) throw incomplete();
    chunks.push(framed.subarray(start, start + size));
  }
}

function readTrailers(framed: Buffer, start: number): Record<string, string> {
  const lines = framed.toString('latin1', start).split(/\r?\n/);
  return Object.fromEntries(
    lines
      .filter((line) => line.includes(':'))
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );
}

function incomplete(): ServiceFault {
  return new ServiceFault(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  );
}
