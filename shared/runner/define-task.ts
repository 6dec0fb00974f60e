import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createJobStore } from '#shared/adapters/dynamodb/job-store.ts';
import { createScheduleStatusReader } from '#shared/adapters/dynamodb/schedule-status.ts';
import { readEnvironment } from '#shared/adapters/read-environment.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimeOf, jobId } from '#shared/domain/job/job-key.ts';
import { parseStart } from '#shared/domain/job/parse-start.ts';
import type { ClaimedJob } from '#shared/domain/job/settlement.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { ENVIRONMENT } from '#shared/runner/environment.ts';
import { type JobEnd, runJob } from '#shared/runner/run-job.ts';
import { type RunnerPorts, secondsNow } from '#shared/runner/runner-ports.ts';
import { createTaskLogger, type TaskLogger } from '#shared/runner/task-logger.ts';

/** What a task's function is given. */
export interface TaskRun {
  /** The schedule's input, or the submitted one. The API has checked it against the task's schema; a start by other ways may not be. */
  readonly input: unknown;
  readonly job: TaskJob;
  /** Aborts when the attempt's time is up; a function that goes on is no longer waited for. */
  readonly signal: AbortSignal;
  /** Writes lines of JSON with the job's id. */
  readonly logger: TaskLogger;
}

/** The job that a function runs. */
interface TaskJob {
  /** `daily-sales@20261123T090000Z`: the same for every attempt, so a good key for idempotent writes elsewhere. */
  readonly id: string;
  readonly scheduleId: string;
  readonly task: string;
  /** The nominal instant, as ISO 8601; the job may begin later. */
  readonly fireTime: string;
  /** From 1. */
  readonly attempt: number;
  /** When `signal` aborts, as ISO 8601 with milliseconds. */
  readonly deadline: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What the runner needs of Lambda's context. */
interface TaskContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** The handler of a task's Lambda. */
export type TaskHandler = (event: unknown, context: TaskContext) => Promise<JobEnd>;

/**
 * Makes a Lambda handler of a function: each start runs it once, its result or error is kept, and duplicates do nothing.
 *
 * What it returns is kept as JSON, as `serializeResult` says; what it throws becomes the outcome `error`.
 *
 * @returns A handler that throws for an event that is no start of this task, and where an end could not be written.
 */
export function defineTask(task: (run: TaskRun) => unknown): TaskHandler {
  let deployed: Deployed | undefined;
  return async (event, context) => {
    deployed ??= readDeployment();
    return handleStart(task, { start: readStart(event, deployed.taskId), context }, deployed.ports);
  };
}

/** What a function is deployed as, and with. */
interface Deployed {
  readonly taskId: string;
  readonly ports: RunnerPorts;
}

function readStart(event: unknown, taskId: string): Start {
  const parsed = parseStart(event);
  if (parsed.kind === 'malformed') throw new Error(parsed.faults.join(' '));
  if (parsed.start.task !== taskId)
    throw new Error(`Expected a start of the task ${taskId}, got one of ${parsed.start.task}.`);
  return parsed.start;
}

async function handleStart(
  task: (run: TaskRun) => unknown,
  { start, context }: { readonly start: Start; readonly context: TaskContext },
  ports: RunnerPorts,
): Promise<JobEnd> {
  const id = jobId(keyOfStart(start));
  const logger = createTaskLogger({ job: id, requestId: context.awsRequestId });
  const end = await runJob(
    {
      start,
      run: ({ job, signal, deadlineMs }) =>
        task({ input: start.input, job: taskJob(start, job, deadlineMs), signal, logger }),
    },
    { remainingMs: () => context.getRemainingTimeInMillis() },
    ports,
  );
  logger.info('job', { ...end });
  return end;
}

function taskJob(
  start: Start,
  { key, attempt, metadata }: ClaimedJob,
  deadlineMs: number,
): TaskJob {
  return {
    id: jobId(key),
    scheduleId: key.scheduleId,
    task: start.task,
    fireTime: toIso(fireTimeOf(key)),
    attempt,
    deadline: new Date(deadlineMs).toISOString(),
    metadata,
  };
}

/** Seventy-two random bits, in characters that an object's key takes as they are. */
const OWNER_BYTES = 9;

/** More tries than the client's default of three: a settle is worth waiting out a throttled second for. */
const MOST_TRIES = 6;

/** A call without an answer is tried again long before the invocation ends. */
const PATIENCE = { connectionTimeout: 2_000, requestTimeout: 5_000 } as const;

function readDeployment(): Deployed {
  const names = readEnvironment(ENVIRONMENT);
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ maxAttempts: MOST_TRIES, requestHandler: PATIENCE }),
  );
  const nowMs = () => Date.now();
  const ports: RunnerPorts = {
    jobs: createJobStore(client, names.JOBS_TABLE),
    schedules: createScheduleStatusReader(client, names.SCHEDULES_TABLE),
    payloads: once(async () => {
      const { createPayloadStore } = await import('#shared/adapters/s3/payload-store.ts');
      return createPayloadStore(names.PAYLOAD_BUCKET);
    }),
    starts: once(async () => {
      const { createStartQueue } = await import('#shared/adapters/sqs/start-queue.ts');
      return createStartQueue({
        queueUrl: names.STARTS_QUEUE_URL,
        now: () => secondsNow({ nowMs }),
      });
    }),
    nowMs,
    newOwner: () => randomBytes(OWNER_BYTES).toString('base64url'),
  };
  return { taskId: names.TASK_ID, ports };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
