import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Callers } from '#local/iam/callers.ts';
import { ServiceFault, type WireRequest } from '#local/services/local-service.ts';
import { decodePath } from '#local/services/s3/object-address.ts';

/** Longest life of a presigned URL, in seconds. See https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const LONGEST_EXPIRY_SECONDS = 604_800;

/** How far a signer's clock may run ahead. */
const CLOCK_SKEW_MS = 15 * 60_000;

const REQUIRED = ['Algorithm', 'Credential', 'Signature', 'Date', 'SignedHeaders', 'Expires'];

interface Presigned {
  readonly accessKeyId: string;
  /** As `20261123/us-east-1/s3/aws4_request`. */
  readonly scope: string;
  /** As `20261123T090000Z`. */
  readonly date: string;
  readonly expiresSeconds: number;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * Verifies the signature and the life of a presigned request; does nothing for a request signed in its header.
 *
 * @param context - The instant that the expiry is held against, and who knows the secrets.
 * @throws {ServiceFault} `AccessDenied` (also for a request without any signature), `SignatureDoesNotMatch`,
 *   `InvalidAccessKeyId`, `AuthorizationQueryParametersError`, or `InvalidRequest` for signature version 2.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function verifyPresigned(
  request: WireRequest,
  context: { readonly nowMs: number; readonly callers: Callers; readonly region: string },
): void {
  const isInQuery = request.query.has('X-Amz-Algorithm') || request.query.has('X-Amz-Signature');
  const isInHeader = request.headers['authorization'] !== undefined;
  if (isInQuery && isInHeader)
    throw new ServiceFault(
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    );
  if (request.query.has('AWSAccessKeyId') && request.query.has('Signature'))
    throw new ServiceFault(
      'InvalidRequest',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    );
  if (!isInQuery && !isInHeader) throw denied('Access Denied');
  if (!isInQuery) return;
  const presigned = readPresigned(request.query, context.region);
  requireAlive(presigned, context.nowMs);
  requireHeadersSigned(request, presigned);
  const secret = context.callers.secretOf(presigned.accessKeyId);
  if (secret === undefined)
    throw new ServiceFault(
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      { status: 403, members: { AWSAccessKeyId: presigned.accessKeyId } },
    );
  requireSignature(request, presigned, secret);
}

function readPresigned(query: URLSearchParams, region: string): Presigned {
  const parameter = (name: string): string => query.get(`X-Amz-${name}`) ?? '';
  if (REQUIRED.some((name) => parameter(name) === ''))
    throw badParameters(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  if (parameter('Algorithm') !== 'AWS4-HMAC-SHA256')
    throw badParameters('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const date = parameter('Date');
  if (!/^\d{8}T\d{6}Z$/.test(date))
    throw badParameters("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const [accessKeyId = '', ...scope] = parameter('Credential').split('/');
  requireScope(scope, region, date);
  return {
    accessKeyId,
    scope: scope.join('/'),
    date,
    expiresSeconds: readExpires(parameter('Expires')),
    signedHeaders: parameter('SignedHeaders').split(';'),
    signature: parameter('Signature'),
  };
}

function requireScope(scope: readonly string[], region: string, date: string): void {
  const [day, givenRegion, service, terminator] = scope;
  const parsing = 'Error parsing the X-Amz-Credential parameter; ';
  if (scope.length !== 4 || terminator !== 'aws4_request')
    throw badParameters(
      `${parsing}the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`,
    );
  if (givenRegion !== region)
    throw badParameters(`${parsing}the region '${givenRegion}' is wrong; expecting '${region}'`);
  if (service !== 's3')
    throw badParameters(`${parsing}incorrect service "${service}". This endpoint belongs to "s3".`);
  if (!date.startsWith(`${day}T`))
    throw badParameters(
      `Invalid credential date "${day}". This date is not the same as X-Amz-Date: "${date.slice(0, 8)}".`,
    );
}

function readExpires(text: string): number {
  if (!/^-?\d+$/.test(text)) throw badParameters('X-Amz-Expires should be a number');
  const seconds = Number(text);
  if (seconds < 0) throw badParameters('X-Amz-Expires must be non-negative');
  if (seconds > LONGEST_EXPIRY_SECONDS)
    throw badParameters(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${LONGEST_EXPIRY_SECONDS} seconds`,
    );
  return seconds;
}

function requireAlive({ date, expiresSeconds }: Presigned, nowMs: number): void {
  const signedAtMs = Date.parse(
    date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'),
  );
  if (Number.isNaN(signedAtMs)) throw badParameters(`Expected X-Amz-Date to exist, got "${date}".`);
  if (signedAtMs > nowMs + CLOCK_SKEW_MS) throw denied('Request is not yet valid');
  const expiresAtMs = signedAtMs + expiresSeconds * 1000;
  if (nowMs <= expiresAtMs) return;
  throw denied('Request has expired', {
    'X-Amz-Expires': expiresSeconds,
    Expires: isoSeconds(expiresAtMs),
    ServerTime: isoSeconds(nowMs),
  });
}

function requireHeadersSigned({ headers }: WireRequest, { signedHeaders }: Presigned): void {
  const unsigned = Object.keys(headers).filter(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !signedHeaders.includes(name),
  );
  if (unsigned.length > 0)
    throw denied('There were headers present in the request which were not signed', {
      HeadersNotSigned: unsigned.join(', '),
    });
}

function requireSignature(request: WireRequest, presigned: Presigned, secret: string): void {
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    presigned.date,
    presigned.scope,
    createHash('sha256').update(canonicalRequest(request, presigned)).digest('hex'),
  ].join('\n');
  const key = presigned.scope
    .split('/')
    .reduce<Buffer>((signingKey, part) => hmac(signingKey, part), Buffer.from(`AWS4${secret}`));
  const expected = hmac(key, stringToSign);
  const given = Buffer.from(presigned.signature, 'hex');
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new ServiceFault(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    {
      status: 403,
      members: {
        AWSAccessKeyId: presigned.accessKeyId,
        StringToSign: stringToSign,
        SignatureProvided: presigned.signature,
      },
    },
  );
}

function canonicalRequest(request: WireRequest, { signedHeaders }: Presigned): string {
  const query = [...request.query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([name, value], [otherName, otherValue]) =>
      name === otherName ? byCodeUnits(value, otherValue) : byCodeUnits(name, otherName),
    )
    .map((parameter) => parameter.join('='));
  const contentHash =
    request.query.get('X-Amz-Content-Sha256') ??
    request.headers['x-amz-content-sha256'] ??
    'UNSIGNED-PAYLOAD';
  return [
    request.method,
    decodePath(request.path).split('/').map(encode).join('/'),
    query.join('&'),
    ...signedHeaders.map((name) => `${name}:${canonicalValue(request.headers[name])}`),
    '',
    signedHeaders.join(';'),
    contentHash,
  ].join('\n');
}

function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function canonicalValue(value: string | undefined): string {
  return (value ?? '').trim().replaceAll(/ +/g, ' ');
}

/** Percent-encodes as SigV4 does: `encodeURIComponent` leaves `!'()*` as they are. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

function isoSeconds(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

function badParameters(message: string): ServiceFault {
  return new ServiceFault('AuthorizationQueryParametersError', message);
}

function denied(message: string, members: Record<string, unknown> = {}): ServiceFault {
  return new ServiceFault('AccessDenied', message, { status: 403, members });
}
