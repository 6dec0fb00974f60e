import { join } from 'node:path';
import type { Activity } from '#local/activity.ts';
import type { LocalClock } from '#local/clock.ts';
import type { Listener } from '#local/http/listen.ts';
import type { Callers } from '#local/iam/callers.ts';
import type { Policies } from '#local/iam/policies.ts';
import { createDynamoDb, type DynamoDbService } from '#local/services/dynamodb/create-dynamo-db.ts';
import { createEvents, type EventsService } from '#local/services/events/create-events.ts';
import { createHttpApi, type HttpApiService } from '#local/services/http-api/http-api.ts';
import { createLambda, type LambdaService } from '#local/services/lambda/create-lambda.ts';
import type { ServiceName } from '#local/services/local-service.ts';
import { createS3, type S3Service } from '#local/services/s3/create-s3.ts';
import {
  createScheduler,
  type SchedulerService,
} from '#local/services/scheduler/create-scheduler.ts';
import { createSqs, type SqsService } from '#local/services/sqs/create-sqs.ts';
import type { State } from '#local/state.ts';

/** What all services stand on. */
export interface Ground {
  readonly activity: Activity;
  readonly clock: LocalClock;
  readonly state: State;
  readonly callers: Callers;
  readonly policies: Policies;
  readonly listeners: Readonly<Record<ServiceName, Listener>>;
  readonly dataDir: string | undefined;
  readonly region: string;
  readonly account: string;
  /** Gives the folder or file of an asset of the template. */
  readonly assets: (objectKey: string) => string;
  readonly auth: boolean;
  /** Takes lines for whoever runs the cloud. */
  readonly log: (line: string) => void;
  readonly functionLog?: (functionName: string, line: string) => void;
}

/** Every service of the local cloud. */
export interface Services {
  readonly dynamodb: DynamoDbService;
  readonly s3: S3Service;
  readonly sqs: SqsService;
  readonly lambda: LambdaService;
  readonly scheduler: SchedulerService;
  readonly events: EventsService;
  readonly api: HttpApiService;
}

/** Makes the services and leads each to those that it calls in this process. */
export async function createServices(ground: Ground): Promise<Services> {
  const { listeners, policies } = ground;
  const dynamodb = await createDynamoDb({
    ...ground,
    dataDir: ground.dataDir === undefined ? undefined : join(ground.dataDir, 'dynamodb'),
  });
  const s3 = await createS3({
    ...ground,
    authorizer: policies,
    endpoint: () => listeners.s3.url,
  });
  const sqs = createSqs({ ...ground, endpoint: () => listeners.sqs.url });
  const lambda = await createLambda({
    ...ground,
    authorizer: policies,
    queues: sqs.queues,
    streams: dynamodb.streams,
    environment: () => endpointVariables(ground),
  });
  const scheduler = createScheduler({
    ...ground,
    authorizer: policies,
    roles: policies,
    functions: lambda.functions,
    queues: sqs.queues,
  });
  const events = createEvents({ ...ground, queues: sqs.queues });
  const api = createHttpApi({
    ...ground,
    functions: lambda.functions,
    endpoint: () => listeners.api.url,
  });
  return { dynamodb, s3, sqs, lambda, scheduler, events, api };
}

/** The SDKs' own variables, by which a function's clients find the services of this machine. */
function endpointVariables({ listeners }: Ground): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: listeners.dynamodb.url,
    AWS_ENDPOINT_URL_S3: listeners.s3.url,
    AWS_ENDPOINT_URL_SQS: listeners.sqs.url,
    AWS_ENDPOINT_URL_LAMBDA: listeners.lambda.url,
    AWS_ENDPOINT_URL_SCHEDULER: listeners.scheduler.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: listeners.events.url,
  };
}
