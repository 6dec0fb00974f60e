import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ApiModel } from '#local/services/http-api/api-model.ts';
import type { NamingScope, ResourceType } from '#local/template/resource-type.ts';
import { resourceType } from '#local/template/resource-type.ts';

/**
 * The longest that an HTTP API waits for its integration.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const LONGEST_TIMEOUT_MS = 30_000;

const NOTE = 'A note for people.';

/**
 * Lets a template define its HTTP API.
 *
 * @param model - Where the API is put together.
 * @param endpoint - The URL that `ApiEndpoint` gives, without a trailing slash.
 * @returns The types of `AWS::ApiGatewayV2::Api`, `Stage`, `Integration` and `Route`.
 */
export function apiTypes(model: ApiModel, endpoint: () => string): readonly ResourceType[] {
  return [apiType(model, endpoint), stageType(model), integrationType(model), routeType(model)];
}

function apiType(model: ApiModel, endpoint: () => string): ResourceType {
  return resourceType({
    type: 'AWS::ApiGatewayV2::Api',
    properties: z.strictObject({ ProtocolType: z.literal('HTTP') }),
    inert: { Name: NOTE, Description: NOTE, Tags: NOTE },
    identify: (scope) => {
      const ref = idOf(scope, 10);
      return { ref, attributes: { ApiId: ref, ApiEndpoint: endpoint() } };
    },
    create: (_, { ref }) => model.addApi(ref),
  });
}

function stageType(model: ApiModel): ResourceType {
  const oneMachine = 'One machine serves one person: nothing is throttled or measured per route.';
  return resourceType({
    type: 'AWS::ApiGatewayV2::Stage',
    properties: z.strictObject({
      ApiId: z.string(),
      StageName: z.string(),
      AutoDeploy: z.literal(true),
    }),
    inert: {
      AccessLogSettings: 'No log is written: the request counts tell what was called.',
      DefaultRouteSettings: oneMachine,
      RouteSettings: oneMachine,
      Description: NOTE,
      Tags: NOTE,
    },
    identify: ({ property, logicalId }) => ({
      ref: property('StageName') ?? logicalId,
      attributes: {},
    }),
    create: ({ StageName: name }) => model.addStage(name),
  });
}

function integrationType(model: ApiModel): ResourceType {
  return resourceType({
    type: 'AWS::ApiGatewayV2::Integration',
    properties: z.strictObject({
      ApiId: z.string(),
      IntegrationType: z.literal('AWS_PROXY'),
      IntegrationUri: z.string().startsWith('arn:aws:lambda:'),
      PayloadFormatVersion: z.literal('2.0'),
      TimeoutInMillis: z.number().int().min(50).max(LONGEST_TIMEOUT_MS).default(LONGEST_TIMEOUT_MS),
    }),
    inert: {
      Description: NOTE,
      IntegrationMethod: 'A function is always called by POST.',
    },
    identify: (scope) => {
      const ref = idOf(scope, 7);
      return { ref, attributes: { IntegrationId: ref } };
    },
    create: ({ IntegrationUri: functionArn, TimeoutInMillis: timeoutMs }, { ref }) =>
      model.addIntegration(ref, { functionArn, timeoutMs }),
  });
}

function routeType(model: ApiModel): ResourceType {
  return resourceType({
    type: 'AWS::ApiGatewayV2::Route',
    properties: z.strictObject({
      ApiId: z.string(),
      RouteKey: z.string(),
      AuthorizationType: z.enum(['AWS_IAM', 'NONE']).default('NONE'),
      Target: z.string(),
    }),
    inert: { OperationName: NOTE },
    identify: (scope) => {
      const ref = idOf(scope, 7);
      return { ref, attributes: { RouteId: ref } };
    },
    create: ({ RouteKey: key, AuthorizationType: authorization, Target: target }) =>
      model.addRoute(key, authorization, target),
  });
}

/** Small letters and digits, as AWS makes them, but the same at each start. */
function idOf({ stackName, logicalId }: NamingScope, length: number): string {
  const hash = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex');
  return BigInt(`0x${hash}`).toString(36).slice(0, length);
}
