import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createScheduleStatusReader } from '#shared/adapters/dynamodb/schedule-status.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { ENVIRONMENT, MAX_RESULT_BYTES, MAX_RUNNING_JOBS } from '#shared/runner/environment.ts';
import type { HistoryPorts } from '#shared/runner/previous-success.ts';
import { type RunnerPorts, secondsNow } from '#shared/runner/runner-ports.ts';

/** What a task's function is deployed as, and with. */
export interface Deployment {
  readonly taskId: string;
  readonly ports: RunnerPorts;
  readonly history: HistoryPorts;
}

/** Seventy-two random bits, in characters that an object's key takes as they are. */
const OWNER_BYTES = 9;

/** More tries than the client's default of three: a settle is worth waiting out a throttled second for. */
const MOST_TRIES = 6;

/** A call without an answer is tried again long before the invocation ends. */
const PATIENCE = { connectionTimeout: 2_000, requestTimeout: 5_000 } as const;

/**
 * Reads the function's variables, and makes the clients that every start needs; the others are loaded by the first that does.
 *
 * @throws an Error that names the variables that are missing.
 */
export function readDeployment(): Deployment {
  const names = readEnvironment(ENVIRONMENT);
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ maxAttempts: MOST_TRIES, requestHandler: PATIENCE }),
  );
  const nowMs = () => Date.now();
  const now = () => secondsNow({ nowMs });
  const payloads = once(async () => {
    const { createPayloadStore } = await import('#shared/adapters/s3/payload-store.ts');
    return createPayloadStore(names.PAYLOAD_BUCKET);
  });
  const history = once(async () => {
    const { createJobHistory } = await import('#shared/adapters/dynamodb/job-history.ts');
    const { createJobReader } = await import('#shared/adapters/dynamodb/job-reader.ts');
    return {
      ...createJobHistory(client, names.JOBS_TABLE),
      ...createJobReader(client, names.JOBS_TABLE),
    };
  });
  const redactionKey = once(async () => {
    const { createRedactionKeyReader } = await import('#shared/adapters/dynamodb/stack-key.ts');
    return createRedactionKeyReader(client, names.SCHEDULES_TABLE);
  });
  const ports: RunnerPorts = {
    jobs: createJobStore(client, names.JOBS_TABLE),
    schedules: createScheduleStatusReader(client, names.SCHEDULES_TABLE),
    payloads,
    history,
    redactionKey: async () => (await redactionKey())(),
    starts: once(async () => {
      const { createStartQueue } = await import('#shared/adapters/sqs/start-queue.ts');
      return createStartQueue({ queueUrl: names.STARTS_QUEUE_URL, now });
    }),
    turns: once(async () => {
      const { createSlotStore } = await import('#shared/adapters/dynamodb/slot-store.ts');
      const { createWaitingJobs } = await import('#shared/adapters/dynamodb/waiting-jobs.ts');
      return {
        slots: createSlotStore(client, names.JOBS_TABLE),
        waiting: createWaitingJobs(client, names.JOBS_TABLE),
      };
    }),
    ...readLimits(),
    watch: once(async () => {
      const { createJobWatch } = await import('#shared/adapters/dynamodb/job-watch.ts');
      return createJobWatch(client, names.JOBS_TABLE);
    }),
    inputs: once(async () => {
      const { createInputResolver } = await import('#shared/runner/resolve-input.ts');
      return createInputResolver({ history, payloads, now });
    }),
    nowMs,
    lostErrors: process,
    newOwner: () => randomBytes(OWNER_BYTES).toString('base64url'),
  };
  return { taskId: names.TASK_ID, ports, history: { history, payloads, now } };
}

function readLimits(): Pick<RunnerPorts, 'maxRunningJobs' | 'largestResultBytes'> {
  const { [MAX_RUNNING_JOBS]: maxRunningJobs, [MAX_RESULT_BYTES]: maxResultBytes } = process.env;
  return {
    ...(maxRunningJobs !== undefined && { maxRunningJobs: Number(maxRunningJobs) }),
    ...(maxResultBytes !== undefined && { largestResultBytes: Number(maxResultBytes) }),
  };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
