import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type ApiClient, createApiClient } from '#local/api-client.ts';
import {
  type Endpoints,
  type LocalCloud,
  type LocalCloudOptions,
  startLocalCloud,
} from '#local/cloud.ts';
import type { AnsweredRequest } from '#local/http/request-log.ts';
import { OPERATOR_KEY } from '#local/iam/callers.ts';
import type { ResourceIdentity } from '#local/template/resource-type.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import { resourceOf } from '#test/support/resource-of.ts';

/** Where the clock of a played cloud stands at first: a Monday, half a minute before nine. */
export const BEGINNING = '2026-03-02T08:59:30Z';

/** A row as it lies in a table. */
export type Row = Readonly<Record<string, unknown>>;

/** A local cloud whose clock stands still, and the clients that anyone could use on it. */
export interface CloudPlay extends AsyncDisposable {
  readonly cloud: LocalCloud;
  readonly api: ApiClient;
  readonly tables: DynamoDBDocumentClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly scheduler: SchedulerClient;
  readonly lambda: LambdaClient;
  /** The calls of functions that were answered with 403 so far. */
  readonly refused: readonly AnsweredRequest[];
  /** The instant so many seconds from now, as ISO 8601. */
  at(secondsFromNow: number): string;
  /** Defines a schedule over HTTP, and waits until EventBridge has it. */
  define(schedule: Row): Promise<Row>;
  /** Defines a schedule that fires once, a quarter of an hour from now, and goes past that; gives the job's id. */
  fireOnce(schedule: Row & { readonly id: string }): Promise<string>;
  /** Reads a schedule's rows of a table, the Jobs table when none is named: in the order of their keys, expired ones included. */
  rowsOf(scheduleId: string, table?: keyof Endpoints['tables']): Promise<readonly Row[]>;
  /** Counts how often a caller has made a call since the request log was reset. */
  callsOf(caller: string, operation: string): number;
  /** Finds the name of the one function whose logical id begins so. */
  functionNamed(prefix: string): string;
  /** Finds the URL, as `ref`, and the attributes of one of the stack's queues. */
  queueNamed(
    prefix: 'Starts' | 'UndeliveredStarts' | 'FailedInvocations' | 'FailedBatches',
  ): ResourceIdentity;
  /** Lists the keys of the payload bucket's objects below a prefix. */
  objectsBelow(prefix: string): Promise<readonly string[]>;
}

/** Starts a local cloud at {@link BEGINNING}, with clients of it. */
export async function playOnCloud(
  options: Pick<LocalCloudOptions, 'assembly'> & Partial<LocalCloudOptions>,
): Promise<CloudPlay> {
  const cloud = await startLocalCloud({ clock: BEGINNING, ...options });
  const { endpoints } = cloud;
  const clientOf = (endpoint: string) => ({
    endpoint,
    region: endpoints.region,
    credentials: { accessKeyId: OPERATOR_KEY, secretAccessKey: OPERATOR_KEY },
  });
  const api = createApiClient(endpoints.api, endpoints.region);
  const tables = DynamoDBDocumentClient.from(new DynamoDBClient(clientOf(endpoints.dynamodb)));
  const s3 = new S3Client({ ...clientOf(endpoints.s3), forcePathStyle: true });
  const sqs = new SQSClient(clientOf(endpoints.sqs));
  const scheduler = new SchedulerClient(clientOf(endpoints.scheduler));
  const lambda = new LambdaClient(clientOf(endpoints.lambda));
  const refused: AnsweredRequest[] = [];
  cloud.requests.subscribe((answered) => {
    if (answered.status === 403 && answered.caller !== 'operator') refused.push(answered);
  });
  const at = (secondsFromNow: number) => toIso(cloud.clock.now() + secondsFromNow);
  const define = async (schedule: Row) => {
    const { status, text, json } = await api.request('POST', '/v1/schedules', { body: schedule });
    if (status !== 201)
      throw new Error(`Expected a schedule to be created, got ${status}: ${text}`);
    await cloud.settle();
    return Object(json) as Row;
  };
  const rowsOf = async (scheduleId: string, table: keyof Endpoints['tables'] = 'jobs') => {
    const { Items = [] } = await tables.send(
      new QueryCommand({
        TableName: endpoints.tables[table],
        KeyConditionExpression: 'scheduleId = :id',
        ExpressionAttributeValues: { ':id': scheduleId },
        ConsistentRead: true,
      }),
    );
    return Items;
  };
  return {
    cloud,
    api,
    tables,
    s3,
    sqs,
    scheduler,
    lambda,
    refused,
    at,
    define,
    fireOnce: async (schedule) => {
      const fireTime = at(900);
      await define({ trigger: { kind: 'once', at: fireTime }, ...schedule });
      await cloud.clock.advanceTo(fireTime);
      return jobId({ scheduleId: schedule.id, fireTime });
    },
    rowsOf,
    callsOf: (caller, operation) =>
      cloud.requests
        .snapshot()
        .filter((call) => call.caller === caller && call.operation === operation)
        .reduce((sum, { count }) => sum + count, 0),
    functionNamed: (prefix) => resourceOf(cloud, 'AWS::Lambda::Function', prefix).ref,
    queueNamed: (prefix) => resourceOf(cloud, 'AWS::SQS::Queue', `Queues${prefix}`),
    objectsBelow: async (prefix) => {
      const command = new ListObjectsV2Command({ Bucket: endpoints.bucket, Prefix: prefix });
      const { Contents = [] } = await s3.send(command);
      return Contents.map(({ Key = '' }) => Key);
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of [tables, s3, sqs, scheduler, lambda]) client.destroy();
      await cloud[Symbol.asyncDispose]();
    },
  };
}
