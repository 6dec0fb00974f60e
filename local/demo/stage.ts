import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type ApiClient, createApiClient } from '#local/api-client.ts';
import type { LocalCloud } from '#local/cloud.ts';
import type { Narrator } from '#local/demo/narrator.ts';
import { OPERATOR_KEY } from '#local/iam/callers.ts';

/** What the demo plays on: the cloud, and the clients that anyone could use on it. */
export interface Stage {
  readonly cloud: LocalCloud;
  readonly narrator: Narrator;
  readonly api: ApiClient;
  readonly s3: S3Client;
  readonly scheduler: SchedulerClient;
  /** Reads a schedule's rows as they lie in the Jobs table, oldest first, expired ones included. */
  rowsOf(scheduleId: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Sets the stage on a cloud. */
export function openStage(cloud: LocalCloud, narrator: Narrator): Stage {
  const { endpoints } = cloud;
  const credentials = { accessKeyId: OPERATOR_KEY, secretAccessKey: OPERATOR_KEY };
  const { region } = endpoints;
  const tables = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: endpoints.dynamodb, region, credentials }),
  );
  return {
    cloud,
    narrator,
    api: createApiClient(endpoints.api, region),
    scheduler: new SchedulerClient({ endpoint: endpoints.scheduler, region, credentials }),
    s3: new S3Client({ endpoint: endpoints.s3, region, credentials, forcePathStyle: true }),
    rowsOf: async (scheduleId) => {
      const { Items = [] } = await tables.send(
        new QueryCommand({
          TableName: endpoints.tables.jobs,
          KeyConditionExpression: 'scheduleId = :id',
          ExpressionAttributeValues: { ':id': scheduleId },
          ConsistentRead: true,
        }),
      );
      return Items;
    },
  };
}
