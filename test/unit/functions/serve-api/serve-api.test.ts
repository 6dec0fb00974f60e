import { handle } from 'hono/aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { problem } from '#shared/contracts/problem.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { ApiWorld, aBody } from '#test/support/api-world.ts';

let world: ApiWorld;

beforeEach(() => {
  world = new ApiWorld();
});

describe('createApi', () => {
  it('answers whether it is up', async () => {
    const answer = await world.request('GET', '/v1/health');

    expect(answer.json).toEqual({ status: 'ok' });
  });

  it('answers an address with and without a slash at its end', async () => {
    expect((await world.request('GET', '/v1/tasks/')).status).toBe(200);
  });

  it('describes itself', async () => {
    const answer = await world.request('GET', '/v1/openapi.json');

    expect(answer.json).toMatchObject({ openapi: '3.1.0' });
  });

  it('says nothing of an error of its own but where to look', async () => {
    const fault = new TypeError('secret of the inside');
    world.schedules.read = () => Promise.reject(fault);

    const answer = await world.request('GET', '/v1/schedules/daily-sales');

    expect(answer.status).toBe(500);
    expect(problem.parse(answer.json).code).toBe('internal');
    expect(answer.text).not.toContain('secret');
    expect(world.reported).toEqual([fault]);
  });

  it('asks to try again where a store did not answer', async () => {
    const fault = new AlmanacError('store.unavailable', 'Expected the table to answer, got none.');
    world.schedules.write = () => Promise.reject(fault);

    const answer = await world.post(aBody());

    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(problem.parse(answer.json).code).toBe('store.unavailable');
    expect(world.reported).toEqual([fault]);
  });
});

/** An event as an HTTP API sends it. See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function anEvent(body: { readonly text: string; readonly isBase64Encoded: boolean }) {
  return {
    version: '2.0',
    routeKey: 'ANY /v1/{proxy+}',
    rawPath: '/v1/schedules',
    rawQueryString: 'dryRun=false',
    headers: { 'content-type': 'application/json' },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'api.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'api',
      http: {
        method: 'POST',
        path: '/v1/schedules',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'test',
      },
      requestId: 'request-1',
      routeKey: 'ANY /v1/{proxy+}',
      stage: '$default',
      time: '23/Nov/2026:09:00:00 +0000',
      timeEpoch: 1_795_424_400_000,
      authentication: null,
      authorizer: {
        iam: {
          accessKey: 'AKIA',
          accountId: '000000000000',
          callerId: 'caller',
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: 'arn:aws:iam::000000000000:user/someone',
          userId: 'user',
        },
      },
    },
    body: body.text,
    isBase64Encoded: body.isBase64Encoded,
  };
}

describe('an event of the HTTP API', () => {
  const answered = z.object({
    statusCode: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
    isBase64Encoded: z.boolean(),
  });
  const text = JSON.stringify(aBody({ task: 'anything', input: { word: 'Größe' } }));

  async function send(body: { readonly text: string; readonly isBase64Encoded: boolean }) {
    return answered.parse(await handle(world.api)(anEvent(body)));
  }

  it.each([
    ['as text', { text, isBase64Encoded: false }],
    ['as base64', { text: Buffer.from(text).toString('base64'), isBase64Encoded: true }],
  ])('carries a body %s', async (_, body) => {
    const answer = await send(body);

    expect(answer.statusCode).toBe(201);
    expect(answer.isBase64Encoded).toBe(false);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      location: '/v1/schedules/daily-sales',
    });
    expect(JSON.parse(answer.body)).toMatchObject({ input: { word: 'Größe' } });
  });

  it('is answered with a problem as text that names the request as the gateway does', async () => {
    const answer = await send({ text: '{', isBase64Encoded: false });

    expect(answer.isBase64Encoded).toBe(false);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ instance: 'urn:almanac:request:request-1' });
  });

  it('may come without a body', async () => {
    const answer = await send({ text: '', isBase64Encoded: false });

    expect(answer.statusCode).toBe(400);
  });
});
