import { timingSafeEqual } from 'node:crypto';
import { sha256Hex, signRequest } from '#local/iam/sign-request.ts';
import { type SignatureClaim, signatureClaim } from '#local/iam/signature-claim.ts';
import type { WireRequest } from '#local/services/local-service.ts';

/** What a service wants of a signature. */
export interface SignatureRules {
  /** The service's signing name, as `execute-api`. */
  readonly service: string;
  readonly region: string;
  /** The secret behind an access key; a key whose secret is not known is believed. */
  secretOf(accessKeyId: string): string | undefined;
  /** The clocks that a signature may go by, in epoch milliseconds. */
  readonly clocksMs: readonly number[];
}

/** What a request's signature is worth. */
export type SignatureVerdict =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'valid'; readonly accessKeyId: string }
  | {
      readonly kind: 'invalid';
      /**
       * `malformed`: a part is missing or has another form; `scope`: made for another service, region or day;
       * `time`: too early, too late or expired; `payload`: the body is another; `signature`: made with another secret,
       * or for another request.
       */
      readonly reason: 'malformed' | 'scope' | 'time' | 'payload' | 'signature';
    };

/** How far a signature's time may be from a clock, as for most AWS services. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Verifies a request's Signature Version 4, in its header or in the query of a presigned URL.
 *
 * S3 differs from all other services in two ways, which go by the service's name: its path is encoded once, not twice,
 * and its body need not be signed (`UNSIGNED-PAYLOAD`, or a streamed one).
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function verifySignature(request: WireRequest, rules: SignatureRules): SignatureVerdict {
  const read = signatureClaim(request);
  if (read.kind !== 'claim')
    return read.kind === 'none' ? { kind: 'unsigned' } : invalid('malformed');
  const { claim } = read;
  const [day, region, service, end] = claim.scope;
  if (
    day !== claim.signedAt.slice(0, 8) ||
    region !== rules.region ||
    service !== rules.service ||
    end !== 'aws4_request'
  )
    return invalid('scope');
  if (!rules.clocksMs.some((nowMs) => isInTime(claim, nowMs))) return invalid('time');
  const payloadHash = payloadHashOf(request, claim);
  if (payloadHash === undefined) return invalid('payload');
  const secret = rules.secretOf(claim.accessKeyId);
  if (
    secret !== undefined &&
    !isSame(signRequest(request, { claim, secret, payloadHash }), claim.signature)
  )
    return invalid('signature');
  return { kind: 'valid', accessKeyId: claim.accessKeyId };
}

function invalid(
  reason: Extract<SignatureVerdict, { kind: 'invalid' }>['reason'],
): SignatureVerdict {
  return { kind: 'invalid', reason };
}

function isInTime({ signedAtMs, expiresSeconds }: SignatureClaim, nowMs: number): boolean {
  const ageMs = nowMs - signedAtMs;
  const longestMs = expiresSeconds === undefined ? CLOCK_SKEW_MS : expiresSeconds * 1000;
  return ageMs >= -CLOCK_SKEW_MS && ageMs <= longestMs;
}

/** Gives the hash that must have been signed, `undefined` when the request names one that its body does not have. */
function payloadHashOf(request: WireRequest, claim: SignatureClaim): string | undefined {
  const named = request.headers['x-amz-content-sha256'];
  const isS3 = claim.scope[2] === 's3';
  if (isS3 && named === undefined) return 'UNSIGNED-PAYLOAD';
  if (isS3 && named !== undefined && !/^[0-9a-f]{64}$/.test(named)) return named;
  const actual = sha256Hex(request.body);
  return named === undefined || named === actual ? actual : undefined;
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
