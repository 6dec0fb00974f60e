import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Activity } from '#local/activity.ts';
import { LocalClock } from '#local/clock.ts';
import { createFaults } from '#local/faults.ts';
import { listen } from '#local/http/listen.ts';
import { RequestLog } from '#local/http/request-log.ts';
import { serveService } from '#local/http/serve-service.ts';
import type { Authorizer } from '#local/iam/caller.ts';
import { createCallers } from '#local/iam/callers.ts';
import { createDynamoDb, type DynamoDbService } from '#local/services/dynamodb/create-dynamo-db.ts';

/** The instant at which the clock of a DynamoDB server stands still. */
export const DYNAMODB_START_MS = Date.parse('2026-11-23T09:00:00Z');

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';

/** DynamoDB on HTTP, and what a test needs around it. */
export interface DynamoDbServer extends AsyncDisposable {
  readonly activity: Activity;
  readonly clock: LocalClock;
  readonly service: DynamoDbService;
  readonly url: string;
  /** The operator's client; it never retries. */
  readonly client: DynamoDBClient;
  /** Every permission that a call needed, as `action resource`, in order. */
  readonly asked: string[];
}

/** Serves DynamoDB on a free port of the loopback address. */
export async function serveDynamoDb(
  options: { readonly dataDir?: string; readonly start?: number | 'real' } = {},
): Promise<DynamoDbServer> {
  const activity = new Activity();
  const clock = new LocalClock(activity, options.start ?? DYNAMODB_START_MS);
  const asked: string[] = [];
  const authorizer: Authorizer = {
    decide: (_caller, permission) => {
      asked.push(`${permission.action} ${permission.resource}`);
      return { kind: 'allowed' };
    },
  };
  const service = await createDynamoDb({
    clock,
    activity,
    dataDir: options.dataDir,
    region: REGION,
    account: ACCOUNT,
  });
  const listener = await listen(0);
  const context = {
    clock,
    activity,
    callers: createCallers(),
    authorizer,
    faults: createFaults(),
    requests: new RequestLog(),
  };
  listener.attach(serveService(service, context));
  const client = new DynamoDBClient({
    region: REGION,
    endpoint: listener.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    activity,
    clock,
    service,
    url: listener.url,
    client,
    asked,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await listener[Symbol.asyncDispose]();
      clock.close();
      await service[Symbol.asyncDispose]();
    },
  };
}
