import { randomBytes } from 'node:crypto';
import type { Caller } from '#local/iam/caller.ts';
import { assumedRoleArn, roleId } from '#local/iam/role-id.ts';
import type { FoundRoute } from '#local/services/http-api/api-model.ts';
import type { WireRequest } from '#local/services/local-service.ts';

/** Who has signed a request. */
export interface Signer {
  readonly accessKeyId: string;
  readonly caller: Caller;
}

/** All that an event tells beside the request itself. */
export interface EventContext {
  readonly found: FoundRoute;
  /** The request's path, decoded, with the stage's name where it has one. */
  readonly path: string;
  /** Absent on a route without authorization. */
  readonly signer: Signer | undefined;
  readonly account: string;
  readonly requestId: string;
  readonly nowMs: number;
}

/**
 * Makes the event that a function gets for a request, in payload format 2.0.
 *
 * As on AWS, the path is decoded and the query is not, cookies stand apart from the headers, and a body is text only
 * for the few content types that HTTP APIs hold for text: a form or a JSON merge patch comes as base64.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @see https://github.com/ministackorg/ministack/pull/766 for the content types, tried against AWS
 * @see https://github.com/middleapi/standard-server/pull/93 for the decoded path, tried against AWS
 */
export function proxyEvent(request: WireRequest, context: EventContext): object {
  const { found, path, signer, account, requestId, nowMs } = context;
  const { cookie, ...headers } = request.headers;
  const host = headers['host'] ?? '';
  const query = queryStringParameters(request.query);
  return {
    version: '2.0',
    routeKey: found.route.key,
    rawPath: path,
    rawQueryString: rawQueryString(request.query),
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers: {
      ...headers,
      'x-amzn-trace-id': traceId(nowMs),
      'x-forwarded-for': request.sourceIp,
      'x-forwarded-port': host.split(':')[1] ?? '80',
      'x-forwarded-proto': 'http',
    },
    ...(query && { queryStringParameters: query }),
    ...(Object.keys(found.pathParameters).length > 0 && { pathParameters: found.pathParameters }),
    requestContext: {
      accountId: account,
      apiId: found.apiId,
      ...(signer && { authorizer: { iam: iamIdentity(signer, account) } }),
      domainName: host,
      domainPrefix: host.split('.')[0],
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: found.route.key,
      stage: found.stage,
      time: commonLogTime(nowMs),
      timeEpoch: nowMs,
    },
    ...bodyMembers(request),
  };
}

function queryStringParameters(query: URLSearchParams): Record<string, string> | undefined {
  const names = [...new Set(query.keys())];
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, query.getAll(name).join(',')]));
}

function rawQueryString(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

function iamIdentity({ accessKeyId, caller }: Signer, account: string): object {
  const identity =
    caller.kind === 'role'
      ? {
          callerId: `${roleId(caller.roleArn)}:${caller.actor}`,
          userArn: assumedRoleArn(caller.roleArn, caller.actor),
          userId: `${roleId(caller.roleArn)}:${caller.actor}`,
        }
      : { callerId: account, userArn: `arn:aws:iam::${account}:root`, userId: account };
  return {
    accessKey: accessKeyId,
    accountId: account,
    ...identity,
    cognitoIdentity: null,
    principalOrgId: null,
  };
}

function bodyMembers({ body, headers }: WireRequest): object {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = /^(text\/.*|application\/(json|xml|javascript))\s*(;|$)/i.test(
    headers['content-type'] ?? '',
  );
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** See https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
function traceId(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000).toString(16);
  return `Root=1-${seconds.padStart(8, '0')}-${randomBytes(12).toString('hex')}`;
}

/** As `23/Nov/2026:09:00:00 +0000`, the form of access logs. */
function commonLogTime(ms: number): string {
  const [, day, month, year, time] = new Date(ms).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
