import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { almanacTemplate, propertiesOf } from '#test/support/almanac-template.ts';

const route = z.object({ RouteKey: z.string(), AuthorizationType: z.string() });

describe('Api', () => {
  it('takes signed requests below /v1, and anyone at the health address', () => {
    const routes = Object.values(almanacTemplate('dev').Resources)
      .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
      .map(({ Properties }) => route.parse(Properties));

    expect(routes).toEqual([
      { RouteKey: 'ANY /v1/{proxy+}', AuthorizationType: 'AWS_IAM' },
      { RouteKey: 'GET /v1/health', AuthorizationType: 'NONE' },
    ]);
  });

  it('hands every request to one function, in the second payload format', () => {
    const integrations = Object.values(almanacTemplate('dev').Resources).filter(
      ({ Type }) => Type === 'AWS::ApiGatewayV2::Integration',
    );

    expect(integrations).toHaveLength(1);
    expect(propertiesOf('ApiHttpApiANYv1proxyServeApi')).toMatchObject({
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: 'ServeApiFunction.Arn',
      PayloadFormatVersion: '2.0',
    });
  });

  it('deploys each change by itself, lets through what the stage says, and logs each request as JSON', () => {
    const stage = propertiesOf('ApiStage');

    expect(stage).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      AccessLogSettings: { DestinationArn: 'ApiAccessLog.Arn' },
    });
    const { Format } = z.object({ Format: z.string() }).parse(stage['AccessLogSettings']);
    expect(JSON.parse(Format)).toMatchObject({
      requestId: '$context.requestId',
      status: '$context.status',
    });
  });
});
