import { createHash, createHmac } from 'node:crypto';
import type { SignatureClaim } from '#local/iam/signature-claim.ts';
import type { WireRequest } from '#local/services/local-service.ts';

/** With what a request is signed again, to compare. */
export interface Signing {
  readonly claim: SignatureClaim;
  readonly secret: string;
  /** The last line of the canonical request. */
  readonly payloadHash: string;
}

/**
 * Signs a request as its sender must have done.
 *
 * @returns The signature in lower-case hexadecimal letters.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signRequest(request: WireRequest, { claim, secret, payloadHash }: Signing): string {
  const canonical = [
    request.method,
    claim.scope[2] === 's3' ? pathEncodedOnce(request.path) : pathEncodedTwice(request.path),
    canonicalQuery(request.query),
    ...claim.signedHeaders.map((name) => `${name}:${canonicalHeader(request.headers[name])}`),
    '',
    claim.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const toSign = [
    'AWS4-HMAC-SHA256',
    claim.signedAt,
    claim.scope.join('/'),
    sha256Hex(canonical),
  ].join('\n');
  const key = claim.scope.reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
}

/** Hashes as the canonical request wants it. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

function pathEncodedOnce(path: string): string {
  try {
    return path.split('/').map(decodeURIComponent).map(encode).join('/');
  } catch {
    return path;
  }
}

/** Encodes what came over the wire encoded once more, after the dots and double slashes are taken out. */
function pathEncodedTwice(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.map(encode).join('/')}${end}`;
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name, value], [otherName, otherValue]) =>
      name === otherName ? compare(value, otherValue) : compare(name, otherName),
    )
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function canonicalHeader(value = ''): string {
  return value.trim().replaceAll(/\s+/g, ' ');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
