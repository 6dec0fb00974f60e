import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATOR } from '#local/iam/caller.ts';
import { NodeSha256 } from '#local/iam/node-sha256.ts';
import { verifySignature } from '#local/iam/verify-signature.ts';
import type { WireRequest } from '#local/services/local-service.ts';

const NOW = Date.UTC(2026, 10, 23, 9, 0, 0);
const KEY = 'AKIDEXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

const rules = {
  service: 'execute-api',
  region: 'us-east-1',
  secretOf: (accessKeyId: string) => (accessKeyId === KEY ? SECRET : undefined),
  clocksMs: [NOW],
};

function aRequest(parts: Partial<WireRequest> = {}): WireRequest {
  return {
    method: 'GET',
    path: '/v1/jobs',
    query: new URLSearchParams(),
    headers: { host: '127.0.0.1:4000' },
    body: Buffer.alloc(0),
    caller: OPERATOR,
    sourceIp: '127.0.0.1',
    ...parts,
  };
}

interface SignOptions {
  readonly service?: string;
  readonly atMs?: number;
  readonly accessKeyId?: string;
  readonly expiresIn?: number;
}

/** Encodes as the SDKs put a name into a path: without the five letters that `encodeURIComponent` leaves. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Signs with AWS's own signer for JavaScript. */
async function sign(request: WireRequest, options: SignOptions = {}): Promise<WireRequest> {
  const { service = 'execute-api', atMs = NOW, accessKeyId = KEY, expiresIn } = options;
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: SECRET, sessionToken: 'token' },
    sha256: NodeSha256,
    uriEscapePath: service !== 's3',
  });
  const query = Object.fromEntries(
    [...request.query.keys()].map((name) => [name, request.query.getAll(name)]),
  );
  const unsigned = {
    method: request.method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: request.path,
    query,
    headers: { ...request.headers },
    body: request.body,
  };
  const signingDate = new Date(atMs);
  const signed =
    expiresIn === undefined
      ? await signer.sign(unsigned, { signingDate })
      : await signer.presign(unsigned, { signingDate, expiresIn });
  const names = Object.entries(signed.query ?? {}).flatMap(([name, value]) =>
    [value ?? ''].flat().map((one) => [name, one] as [string, string]),
  );
  return { ...request, headers: signed.headers, query: new URLSearchParams(names) };
}

const verdictOf = (request: WireRequest, more: object = {}) =>
  verifySignature(request, { ...rules, ...more });

describe('verifySignature', () => {
  it("accepts the example of AWS's documentation", () => {
    const request = aRequest({
      path: '/',
      query: new URLSearchParams('Action=ListUsers&Version=2010-05-08'),
      headers: {
        host: 'iam.amazonaws.com',
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-amz-date': '20150830T123600Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
      },
    });

    expect(
      verdictOf(request, { service: 'iam', clocksMs: [Date.UTC(2015, 7, 30, 12, 36)] }),
    ).toEqual({ kind: 'valid', accessKeyId: KEY });
  });

  it("accepts the presigned URL of S3's documentation until it expires", () => {
    const request = aRequest({
      path: '/test.txt',
      headers: { host: 'examplebucket.s3.amazonaws.com' },
      query: new URLSearchParams(
        'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
      ),
    });
    const at = (ms: number) =>
      verdictOf(request, {
        service: 's3',
        secretOf: () => 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
        clocksMs: [ms],
      });

    expect(at(Date.UTC(2013, 4, 25))).toEqual({
      kind: 'valid',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    });
    expect(at(Date.UTC(2013, 4, 25, 0, 0, 1))).toEqual({ kind: 'invalid', reason: 'time' });
  });

  it("accepts what AWS's own signer signs, whatever stands in path, query and body", async () => {
    const segment = fc.string({ unit: 'grapheme' }).map(encoded);

    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 4 }),
        fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.string()), {
          selector: ([name]) => name,
          maxLength: 4,
        }),
        fc.string(),
        async (segments, query, body) => {
          const request = aRequest({
            method: 'POST',
            path: `/${segments.join('/')}`,
            query: new URLSearchParams(query),
            body: Buffer.from(body),
          });

          expect(verdictOf(await sign(request)).kind).toBe('valid');
          expect(verdictOf(await sign(request, { service: 's3' }), { service: 's3' }).kind).toBe(
            'valid',
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('refuses a request of which anything signed was changed', async () => {
    const signed = await sign(
      aRequest({ query: new URLSearchParams('a=1'), body: Buffer.from('b') }),
    );
    const changes: Partial<WireRequest>[] = [
      { method: 'PUT' },
      { path: '/v1/jobs/x' },
      { query: new URLSearchParams('a=2') },
      { headers: { ...signed.headers, host: 'elsewhere' } },
      { headers: { ...signed.headers, 'x-amz-security-token': 'other' } },
    ];

    expect(verdictOf(signed).kind).toBe('valid');
    for (const change of changes)
      expect(verdictOf({ ...signed, ...change })).toEqual({ kind: 'invalid', reason: 'signature' });
    expect(verdictOf({ ...signed, body: Buffer.from('c') })).toEqual({
      kind: 'invalid',
      reason: 'payload',
    });
  });

  it('refuses a wrong secret, and believes a key whose secret it does not know', async () => {
    const signed = await sign(aRequest());

    expect(verdictOf(signed, { secretOf: () => 'other' })).toEqual({
      kind: 'invalid',
      reason: 'signature',
    });
    expect(verdictOf(signed, { secretOf: () => undefined }).kind).toBe('valid');
  });

  it('allows five minutes between the signature and any one of its clocks', async () => {
    const at = async (atMs: number, clocksMs: number[]) =>
      verdictOf(await sign(aRequest(), { atMs }), { clocksMs }).kind;

    expect(await at(NOW - 300_000, [NOW])).toBe('valid');
    expect(await at(NOW + 300_000, [NOW])).toBe('valid');
    expect(await at(NOW - 301_000, [NOW])).toBe('invalid');
    expect(await at(NOW + 301_000, [NOW])).toBe('invalid');
    expect(await at(NOW, [0, NOW])).toBe('valid');
  });

  it('takes a presigned URL until it expires, and no longer', async () => {
    const signed = await sign(aRequest(), { expiresIn: 60 });

    expect(verdictOf(signed, { clocksMs: [NOW + 60_000] }).kind).toBe('valid');
    expect(verdictOf(signed, { clocksMs: [NOW + 61_000] })).toEqual({
      kind: 'invalid',
      reason: 'time',
    });
  });

  it('refuses a signature for another service', async () => {
    expect(verdictOf(await sign(aRequest(), { service: 'lambda' }))).toEqual({
      kind: 'invalid',
      reason: 'scope',
    });
  });

  it('tells an unsigned request from a malformed signature', () => {
    const headers = { host: 'h', authorization: 'AWS4-HMAC-SHA256 Credential=a/b' };

    expect(verdictOf(aRequest())).toEqual({ kind: 'unsigned' });
    expect(verdictOf(aRequest({ headers: { host: 'h', authorization: 'Basic eDp5' } }))).toEqual({
      kind: 'unsigned',
    });
    expect(verdictOf(aRequest({ headers }))).toEqual({ kind: 'invalid', reason: 'malformed' });
  });

  it('wants the host among the signed headers', async () => {
    const signed = await sign(aRequest());
    const authorization = signed.headers['authorization']?.replace('host;', '') ?? '';

    expect(verdictOf({ ...signed, headers: { ...signed.headers, authorization } })).toEqual({
      kind: 'invalid',
      reason: 'malformed',
    });
  });
});
