import type { WireRequest } from '#local/services/local-service.ts';

/** What a request says of its own signature. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  /** Day, region, service and `aws4_request`. */
  readonly scope: readonly string[];
  /** As it was signed: `20261123T090000Z`. */
  readonly signedAt: string;
  readonly signedAtMs: number;
  /** How long a presigned URL is good for, 1 second to 7 days; absent for a signature in the header. */
  readonly expiresSeconds?: number;
  /** Lower-case names, `host` among them. */
  readonly signedHeaders: readonly string[];
  /** Lower-case hexadecimal letters. */
  readonly signature: string;
}

/** The longest life of a presigned URL, see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const LONGEST_EXPIRY_SECONDS = 7 * 86_400;

const ALGORITHM = 'AWS4-HMAC-SHA256';

interface Parts {
  readonly credential: string | null | undefined;
  readonly date: string | null | undefined;
  readonly signedHeaders: string | null | undefined;
  readonly signature: string | null | undefined;
  readonly expires?: string | null;
}

/**
 * Reads the signature of a request from its `Authorization` header, or else from its query.
 *
 * @returns `none` for a request without a Signature Version 4.
 */
export function signatureClaim(
  request: WireRequest,
):
  | { readonly kind: 'none' | 'malformed' }
  | { readonly kind: 'claim'; readonly claim: SignatureClaim } {
  const { headers, query } = request;
  const authorization = headers['authorization'];
  if (authorization?.startsWith(`${ALGORITHM} `)) {
    const part = (name: string) => new RegExp(`\\b${name}=([^,\\s]+)`).exec(authorization)?.[1];
    return claimOf({
      credential: part('Credential'),
      date: headers['x-amz-date'] ?? basicForm(headers['date']),
      signedHeaders: part('SignedHeaders'),
      signature: part('Signature'),
    });
  }
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) return { kind: 'none' };
  return claimOf({
    credential: query.get('X-Amz-Credential'),
    date: query.get('X-Amz-Date'),
    signedHeaders: query.get('X-Amz-SignedHeaders'),
    signature: query.get('X-Amz-Signature'),
    expires: query.get('X-Amz-Expires'),
  });
}

function claimOf(parts: Parts): ReturnType<typeof signatureClaim> {
  const [accessKeyId, ...scope] = parts.credential?.split('/') ?? [];
  const signedAt = parts.date ?? '';
  const signedAtMs = epochMs(signedAt);
  const signedHeaders = parts.signedHeaders?.split(';') ?? [];
  const { signature } = parts;
  const isExpiryGood = parts.expires === undefined || expirySeconds(parts.expires) !== undefined;
  if (!accessKeyId || scope.length !== 4 || signedAtMs === undefined || !isExpiryGood)
    return { kind: 'malformed' };
  if (!signedHeaders.includes('host') || !signature || !/^[0-9a-f]{64}$/.test(signature))
    return { kind: 'malformed' };
  const expiresSeconds = expirySeconds(parts.expires);
  return {
    kind: 'claim',
    claim: {
      accessKeyId,
      scope,
      signedAt,
      signedAtMs,
      ...(expiresSeconds !== undefined && { expiresSeconds }),
      signedHeaders,
      signature,
    },
  };
}

function expirySeconds(text: string | null | undefined): number | undefined {
  const seconds = /^\d+$/.test(text ?? '') ? Number(text) : 0;
  return seconds >= 1 && seconds <= LONGEST_EXPIRY_SECONDS ? seconds : undefined;
}

function epochMs(basic: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(basic);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Puts a `Date` header in the form that is signed. */
function basicForm(date: string | undefined): string | undefined {
  const ms = Date.parse(date ?? '');
  if (Number.isNaN(ms)) return undefined;
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
