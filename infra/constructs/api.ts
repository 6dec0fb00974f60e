import { Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '#infra/acknowledge.ts';
import type { StageConfig } from '#infra/config.ts';

/** Who answers, and how much is let through. */
export interface ApiProps {
  readonly handler: IFunction;
  readonly config: StageConfig;
}

/**
 * One line of the access log, as JSON.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const ACCESS_LOG_ENTRY = {
  requestId: '$context.requestId',
  at: '$context.requestTime',
  caller: '$context.identity.userArn',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  refusal: '$context.error.message',
  fault: '$context.integrationErrorMessage',
};

/** Makes the HTTP API: signed requests to everything below `/v1`, and one address that answers anyone. */
export class Api extends Construct {
  /** Where the API is, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { handler, config }: ApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'HttpApi', {
      apiName: Stack.of(this).stackName,
      description: 'Schedules, their jobs and results',
      createDefaultStage: false,
    });
    const integration = new HttpLambdaIntegration('ServeApi', handler);
    api.addRoutes({
      path: '/v1/{proxy+}',
      methods: [HttpMethod.ANY],
      integration,
      authorizer: new HttpIamAuthorizer(),
    });
    const health = api.addRoutes({
      path: '/v1/health',
      methods: [HttpMethod.GET],
      integration,
      authorizer: new HttpNoneAuthorizer(),
    });
    for (const route of health)
      acknowledge(route, 'AwsSolutions-APIG4', {
        grounds: 'open-by-design',
        because:
          'A load balancer or monitor asks without credentials whether the API is up; the answer holds nothing about schedules or jobs.',
      });
    this.addStage(api, config);
    this.url = api.apiEndpoint;
  }

  private addStage(httpApi: HttpApi, { throttle, logRetention, removalPolicy }: StageConfig): void {
    const accessLog = new LogGroup(this, 'AccessLog', { retention: logRetention, removalPolicy });
    new HttpStage(this, 'Stage', {
      httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_ENTRY)),
      },
    });
  }
}
