import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Activity } from '#local/activity.ts';
import { LocalClock } from '#local/clock.ts';
import { createFaults } from '#local/faults.ts';
import { listen } from '#local/http/listen.ts';
import { RequestLog } from '#local/http/request-log.ts';
import { serveService } from '#local/http/serve-service.ts';
import type { Authorizer, Permission } from '#local/iam/caller.ts';
import {
  type Callers,
  createCallers,
  type Credentials as IssuedCredentials,
} from '#local/iam/callers.ts';
import { createS3, type S3Service } from '#local/services/s3/create-s3.ts';
import { createSqs, type SqsService } from '#local/services/sqs/create-sqs.ts';
import { openState } from '#local/state.ts';

/** The instant at which the clock of a storage server stands still. */
export const STORAGE_START_MS = Date.parse('2026-11-23T09:00:00Z');

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';

type Credentials = Pick<IssuedCredentials, 'accessKeyId' | 'secretAccessKey'>;

const OPERATOR_CREDENTIALS: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** S3 and SQS on HTTP with a stopped clock, and what a test needs around them. */
export interface StorageServer extends AsyncDisposable {
  readonly clock: LocalClock;
  readonly callers: Callers;
  readonly s3: S3Service;
  readonly s3Url: string;
  /** Makes a bucket as a template does. */
  makeBucket(name: string, properties?: object): Promise<void>;
  /** The operator's client. */
  readonly s3Client: S3Client;
  /** A client that acts as a role. */
  roleS3Client(): S3Client;
  readonly activity: Activity;
  readonly requests: RequestLog;
  readonly sqs: SqsService;
  readonly sqsUrl: string;
  readonly sqsClient: SQSClient;
  roleSqsClient(): SQSClient;
  /** Every permission that a call needed, as `action resource`, in order. */
  readonly asked: string[];
}

/** Serves storage on free ports of the loopback address. @param options.deny - Refuses a role what it picks. */
export async function serveStorage(
  options: {
    readonly dataDir?: string;
    readonly startMs?: number;
    readonly deny?: (permission: Permission) => boolean;
  } = {},
): Promise<StorageServer> {
  const activity = new Activity();
  const clock = new LocalClock(activity, options.startMs ?? STORAGE_START_MS);
  const callers = createCallers();
  const state = openState(options.dataDir);
  const asked: string[] = [];
  const authorizer: Authorizer = {
    decide: (caller, permission) => {
      asked.push(`${permission.action} ${permission.resource}`);
      const isDenied = caller.kind === 'role' && options.deny?.(permission) === true;
      return isDenied
        ? { kind: 'denied', message: `Not authorized to perform: ${permission.action}` }
        : { kind: 'allowed' };
    },
  };
  const s3Listener = await listen(0);
  const sqsListener = await listen(0);
  const s3 = await createS3({
    clock,
    activity,
    state,
    dataDir: options.dataDir,
    callers,
    authorizer,
    region: REGION,
    account: ACCOUNT,
    endpoint: () => s3Listener.url,
  });
  const sqs = createSqs({
    clock,
    activity,
    state,
    region: REGION,
    account: ACCOUNT,
    endpoint: () => sqsListener.url,
  });
  const context = {
    clock,
    activity,
    callers,
    authorizer,
    faults: createFaults(),
    requests: new RequestLog(),
  };
  s3Listener.attach(serveService(s3, context));
  sqsListener.attach(serveService(sqs, context));
  const role = () =>
    callers.issue({
      kind: 'role',
      roleArn: `arn:aws:iam::${ACCOUNT}:role/reader`,
      actor: 'reader',
    });
  const common = { region: REGION, maxAttempts: 1 };
  const s3Client = (credentials: Credentials): S3Client =>
    new S3Client({ ...common, endpoint: s3Listener.url, credentials });
  const sqsClient = (credentials: Credentials): SQSClient =>
    new SQSClient({ ...common, endpoint: sqsListener.url, credentials });
  return {
    clock,
    callers,
    s3,
    s3Url: s3Listener.url,
    makeBucket: async (name, properties = {}) => {
      const bucketType = s3.resourceTypes.find(({ type }) => type === 'AWS::S3::Bucket');
      await bucketType?.create(properties, { ref: name, attributes: {} });
    },
    s3Client: s3Client(OPERATOR_CREDENTIALS),
    roleS3Client: () => s3Client(role()),
    activity,
    requests: context.requests,
    sqs,
    sqsUrl: sqsListener.url,
    sqsClient: sqsClient(OPERATOR_CREDENTIALS),
    roleSqsClient: () => sqsClient(role()),
    asked,
    [Symbol.asyncDispose]: async () => {
      await sqs[Symbol.asyncDispose]();
      await sqsListener[Symbol.asyncDispose]();
      await s3Listener[Symbol.asyncDispose]();
      await s3[Symbol.asyncDispose]();
      clock.close();
      state[Symbol.dispose]();
    },
  };
}
