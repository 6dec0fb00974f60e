import { request as httpRequest } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, describe, expect, it } from 'vitest';
import { Activity } from '#local/activity.ts';
import { LocalClock } from '#local/clock.ts';
import { createFaults } from '#local/faults.ts';
import { listen } from '#local/http/listen.ts';
import { RequestLog } from '#local/http/request-log.ts';
import { serveService } from '#local/http/serve-service.ts';
import { createCallers } from '#local/iam/callers.ts';
import { NodeSha256 } from '#local/iam/node-sha256.ts';
import { createPolicies } from '#local/iam/policies.ts';
import { createHttpApi } from '#local/services/http-api/http-api.ts';
import { ServiceFault } from '#local/services/local-service.ts';
import { deployTemplate } from '#local/template/deploy-template.ts';
import { type Json, parseTemplate } from '#local/template/parse-template.ts';

const START = Date.UTC(2030, 0, 2, 3, 4, 5);
const PLACE = { stackName: 'S', region: 'us-east-1', account: '000000000000' };
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:serve-api';
const ROLE = 'arn:aws:iam::000000000000:role/worker';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

interface Setup {
  readonly auth?: boolean;
  readonly stage?: string;
  readonly timeoutMs?: number;
  readonly invoke?: () => unknown;
  readonly more?: Record<string, Json>;
}

/** Serves the API of a template as CDK writes it: one open route, one with IAM, and a function in place of Lambda. */
async function serve({ auth = true, stage = '$default', timeoutMs, invoke, more }: Setup = {}) {
  const activity = new Activity();
  const clock = new LocalClock(activity, START);
  const callers = createCallers();
  const authorizer = createPolicies();
  const listener = await listen(0);
  const events: Record<string, unknown>[] = [];
  const api = createHttpApi({
    ...PLACE,
    clock,
    activity,
    callers,
    auth,
    endpoint: () => listener.url,
    functions: {
      invoke: async (functionArn, payload) => {
        expect(functionArn).toBe(FUNCTION);
        const event: Record<string, unknown> = JSON.parse(payload.toString());
        events.push(event);
        const answer = invoke ? await invoke() : { ok: true };
        return { payload: Buffer.from(JSON.stringify(answer)) };
      },
    },
  });
  const resource = (type: string, properties: Record<string, Json>) => ({
    Type: `AWS::ApiGatewayV2::${type}`,
    Properties: { ApiId: { Ref: 'Api' }, ...properties },
  });
  const route = (key: string, type: string) =>
    resource('Route', {
      RouteKey: key,
      AuthorizationType: type,
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
    });
  const template = parseTemplate({
    Resources: {
      Proxy: route('ANY /v1/{proxy+}', 'AWS_IAM'),
      Health: route('GET /v1/health', 'NONE'),
      Open: route('ANY /open/{name}', 'NONE'),
      Stage: resource('Stage', {
        StageName: stage,
        AutoDeploy: true,
        DefaultRouteSettings: { ThrottlingBurstLimit: 20 },
        AccessLogSettings: { DestinationArn: 'arn:x', Format: 'x' },
      }),
      Integration: resource('Integration', {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: FUNCTION,
        PayloadFormatVersion: '2.0',
        ...(timeoutMs !== undefined && { TimeoutInMillis: timeoutMs }),
      }),
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Api', ProtocolType: 'HTTP' } },
      ...more,
    },
    Outputs: { Id: { Value: { Ref: 'Api' } }, Url: { Value: { 'Fn::GetAtt': 'Api.ApiEndpoint' } } },
  });
  open.push(listener);
  const { outputs } = await deployTemplate(template, PLACE, api.resourceTypes);
  const context = { clock, activity, callers, authorizer, faults: createFaults() };
  listener.attach(serveService(api, { ...context, requests: new RequestLog() }));
  return { url: listener.url, outputs, events, callers, authorizer, activity, clock };
}

interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const OPERATOR = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Sends a request, signed at a time by AWS's own signer. */
async function fetchSigned(url: string, identity: Identity, atMs = START): Promise<Response> {
  const { hostname, host, pathname } = new URL(url);
  const signer = new SignatureV4({
    service: 'execute-api',
    region: 'us-east-1',
    credentials: identity,
    sha256: NodeSha256,
  });
  const { headers } = await signer.sign(
    { method: 'GET', protocol: 'http:', hostname, path: pathname, headers: { host } },
    { signingDate: new Date(atMs) },
  );
  return fetch(url, { headers });
}

describe('an HTTP API', () => {
  it('hands its function the request in payload format 2.0', async () => {
    const { url, outputs, events } = await serve();
    const host = new URL(url).host;

    await new Promise((resolve, reject) =>
      httpRequest(
        `${url}/open/a%20b%40c?x=1&x=2&y=%2F`,
        {
          method: 'POST',
          headers: {
            'X-Many': ['one', 'two'],
            Cookie: 'a=1; b=2',
            'Content-Type': 'application/json; charset=utf-8',
            'User-Agent': 'tests',
          },
        },
        resolve,
      )
        .once('error', reject)
        .end('{"é":1}'),
    );

    expect(events).toEqual([
      {
        version: '2.0',
        routeKey: 'ANY /open/{name}',
        rawPath: '/open/a b@c',
        rawQueryString: 'x=1&x=2&y=%2F',
        cookies: ['a=1', 'b=2'],
        headers: {
          'x-many': 'one,two',
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'tests',
          'content-length': '8',
          connection: expect.anything(),
          host,
          'x-amzn-trace-id': expect.stringMatching(/^Root=1-70dd5525-[0-9a-f]{24}$/),
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-port': host.split(':')[1],
          'x-forwarded-proto': 'http',
        },
        queryStringParameters: { x: '1,2', y: '/' },
        pathParameters: { name: 'a b@c' },
        requestContext: {
          accountId: '000000000000',
          apiId: outputs['Id'],
          domainName: host,
          domainPrefix: '127',
          http: {
            method: 'POST',
            path: '/open/a b@c',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'tests',
          },
          requestId: expect.stringMatching(/^[A-Za-z0-9+/]{15}=$/),
          routeKey: 'ANY /open/{name}',
          stage: '$default',
          time: '02/Jan/2030:03:04:05 +0000',
          timeEpoch: START,
        },
        body: '{"é":1}',
        isBase64Encoded: false,
      },
    ]);
    expect(outputs).toEqual({ Id: expect.stringMatching(/^[a-z0-9]{10}$/), Url: url });
  });

  it.each([
    ['application/merge-patch+json', true],
    ['application/octet-stream', true],
    ['application/x-www-form-urlencoded', true],
    ['text/csv', false],
    ['application/xml', false],
  ])('passes on a body of %s as base64: %s', async (type, isBase64Encoded) => {
    const { url, events } = await serve();

    await fetch(`${url}/open/x`, { method: 'POST', headers: { 'content-type': type }, body: 'ab' });

    expect(events[0]).toMatchObject({ body: isBase64Encoded ? 'YWI=' : 'ab', isBase64Encoded });
  });

  it('leaves out of the event what the request does not have', async () => {
    const { url, events } = await serve();

    await fetch(`${url}/v1/health`);

    expect(Object.keys(events[0] ?? {})).toEqual([
      'version',
      'routeKey',
      'rawPath',
      'rawQueryString',
      'headers',
      'requestContext',
      'isBase64Encoded',
    ]);
    expect(events[0]?.['requestContext']).not.toHaveProperty('authorizer');
  });

  it("answers with the function's status, headers, cookies and bytes", async () => {
    const { url } = await serve({
      invoke: () => ({
        statusCode: 202,
        headers: { 'Content-Type': 'image/gif' },
        cookies: ['a=1', 'b=2'],
        body: 'AP8=',
        isBase64Encoded: true,
      }),
    });

    const answer = await fetch(`${url}/open/x`);

    expect([answer.status, answer.headers.get('content-type')]).toEqual([202, 'image/gif']);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect([...(await answer.bytes())]).toEqual([0, 255]);
    expect(answer.headers.get('date')).toBe('Wed, 02 Jan 2030 03:04:05 GMT');
  });

  it('serves a named stage under its name, which stays in the path of the event', async () => {
    const { url, events } = await serve({ stage: 'live' });

    expect((await fetch(`${url}/v1/health`)).status).toBe(404);
    expect((await fetch(`${url}/live/v1/health`)).status).toBe(200);
    expect(events[0]).toMatchObject({
      rawPath: '/live/v1/health',
      routeKey: 'GET /v1/health',
      requestContext: { stage: 'live', http: { path: '/live/v1/health' } },
    });
  });

  it.each<[number, string, Setup['invoke']]>([
    [500, 'Internal Server Error', () => ({ statusCode: 'no' })],
    [
      503,
      'Service Unavailable',
      () => Promise.reject(new ServiceFault('TooManyRequestsException', 'x', { status: 429 })),
    ],
    [
      500,
      'Internal Server Error',
      () => Promise.reject(new ServiceFault('ResourceNotFoundException', 'x', { status: 404 })),
    ],
  ])('answers %i %s when the function fails it', async (status, message, invoke) => {
    const { url } = await serve({ ...(invoke && { invoke }) });

    const answer = await fetch(`${url}/open/x`);

    expect([answer.status, await answer.json()]).toEqual([status, { message }]);
  });

  it('gives up on a function after its time, and stays under way until the function ends', async () => {
    const ended = Promise.withResolvers<object>();
    const { url, activity } = await serve({ timeoutMs: 50, invoke: () => ended.promise });

    const answer = await fetch(`${url}/open/x`);

    expect([answer.status, await answer.json()]).toEqual([503, { message: 'Service Unavailable' }]);
    expect(activity.underWay()).toContain('api invocation');
    ended.resolve({});
    await activity.settle();
  });

  it.each([
    [404, 'Not Found', { path: '/nowhere', bytes: 0 }],
    [404, 'Not Found', { path: '/open/', bytes: 0 }],
    [400, 'Bad Request', { path: '/open/%E0%A4', bytes: 0 }],
    [413, 'Request Entity Too Large', { path: '/open/x', bytes: 10_485_761 }],
  ])('answers %i %s to %o', async (status, message, { path, bytes }) => {
    const { url } = await serve();

    const answer = await fetch(url + path, { method: 'PUT', body: Buffer.alloc(bytes) });

    expect([answer.status, await answer.json()]).toEqual([status, { message }]);
  });
});

describe('a route with IAM authorization', () => {
  it('refuses a request that is unsigned, or signed with another secret than a role has', async () => {
    const { url, events, callers } = await serve();
    const issued = callers.issue({ kind: 'role', roleArn: ROLE, actor: 'a-function' });
    const forged = { ...issued, secretAccessKey: 'guess' };

    const answers = [await fetch(`${url}/v1/jobs`), await fetchSigned(`${url}/v1/jobs`, forged)];

    for (const answer of answers)
      expect([answer.status, await answer.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect(events).toEqual([]);
  });

  it('takes the operator by the local time or by real time, and names who has signed', async () => {
    const { url, events } = await serve();

    expect((await fetchSigned(`${url}/v1/jobs/a@b`, OPERATOR)).status).toBe(200);
    expect((await fetchSigned(`${url}/v1/jobs`, OPERATOR, Date.now())).status).toBe(200);
    expect((await fetchSigned(`${url}/v1/jobs`, OPERATOR, START - 600_000)).status).toBe(403);
    expect(events[0]?.['requestContext']).toMatchObject({
      authorizer: {
        iam: {
          accessKey: 'test',
          accountId: '000000000000',
          callerId: '000000000000',
          userArn: 'arn:aws:iam::000000000000:root',
          userId: '000000000000',
          cognitoIdentity: null,
          principalOrgId: null,
        },
      },
    });
  });

  it('believes a key that was not issued here', async () => {
    const { url } = await serve();
    const own = { accessKeyId: 'AKIAOWN', secretAccessKey: 'own' };

    expect((await fetchSigned(`${url}/v1/jobs`, own)).status).toBe(200);
  });

  it('lets a role through only where its policies grant the route', async () => {
    const { url, events, outputs, callers, authorizer } = await serve();
    const identity = callers.issue({ kind: 'role', roleArn: ROLE, actor: 'worker' });
    authorizer.addRole(ROLE, []);
    authorizer.attach(ROLE, [
      {
        Effect: 'Allow',
        Action: ['execute-api:Invoke'],
        Resource: [`arn:aws:execute-api:us-east-1:000000000000:${outputs['Id']}/*/GET/v1/jobs`],
        Condition: [],
      },
    ]);

    expect((await fetchSigned(`${url}/v1/jobs`, identity)).status).toBe(200);
    expect((await fetchSigned(`${url}/v1/tasks`, identity)).status).toBe(403);
    expect(events).toHaveLength(1);
    expect(events[0]?.['requestContext']).toMatchObject({
      authorizer: {
        iam: {
          userArn: 'arn:aws:sts::000000000000:assumed-role/worker/worker',
          userId: expect.stringMatching(/^AROA[0-9A-F]{17}:worker$/),
        },
      },
    });
    expect(authorizer.observed()).toEqual([
      {
        roleArn: ROLE,
        action: 'execute-api:Invoke',
        resource: `arn:aws:execute-api:us-east-1:000000000000:${outputs['Id']}/$default/GET/v1/jobs`,
      },
    ]);
  });

  it('asks for no signature where authorization is switched off', async () => {
    const { url, events } = await serve({ auth: false });

    expect((await fetch(`${url}/v1/jobs`)).status).toBe(200);
    expect(events[0]?.['requestContext']).toMatchObject({
      authorizer: { iam: { accessKey: 'test' } },
    });
  });
});

describe('the template of an HTTP API', () => {
  const properties = (more: Record<string, Json>) => ({ ApiId: { Ref: 'Api' }, ...more });

  it.each<[string, Record<string, Json>, string]>([
    [
      'a second API',
      { Properties: { ProtocolType: 'HTTP' }, Type: 'Api' },
      'Expected one HTTP API',
    ],
    [
      'CORS',
      { Type: 'Api', Properties: { ProtocolType: 'HTTP', CorsConfiguration: {} } },
      'CorsConfiguration',
    ],
    [
      'a route to nothing',
      { Type: 'Route', Properties: properties({ RouteKey: 'GET /a', Target: 'integrations/x' }) },
      'to target an integration, got integrations/x',
    ],
    [
      'a JWT authorizer',
      {
        Type: 'Route',
        Properties: properties({ RouteKey: 'GET /a', Target: 'x', AuthorizationType: 'JWT' }),
      },
      'AuthorizationType',
    ],
    [
      'payload format 1.0',
      {
        Type: 'Integration',
        Properties: properties({
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: FUNCTION,
          PayloadFormatVersion: '1.0',
        }),
      },
      'PayloadFormatVersion',
    ],
  ])('keeps the cloud from starting with %s', async (_, { Type: type, ...rest }, sentence) => {
    const extra = { Type: `AWS::ApiGatewayV2::${String(type)}`, ...rest };

    await expect(serve({ more: { Extra: extra } })).rejects.toThrow(sentence);
  });
});
