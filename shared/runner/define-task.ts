import { toIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimeOf, jobId } from '#shared/domain/job/job-key.ts';
import { parseStart } from '#shared/domain/job/parse-start.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import {
  findPreviousSuccess,
  type HistoryPorts,
  type PreviousSuccess,
} from '#shared/runner/previous-success.ts';
import type { ReportProgress } from '#shared/runner/progress-reporter.ts';
import { type Deployment, readDeployment } from '#shared/runner/read-deployment.ts';
import type { RunTask } from '#shared/runner/run-claimed.ts';
import { type JobEnd, runJob } from '#shared/runner/run-job.ts';
import { createTaskLogger, type TaskLogger } from '#shared/runner/task-logger.ts';

/** What a task's function is given. */
export interface TaskRun {
  /** The schedule's input, or the submitted one, results in the places of references. The API has checked it against the task's schema; a start by other ways may not be. */
  readonly input: unknown;
  readonly job: TaskJob;
  /** Aborts when the attempt's time is up, or the job is cancelled (see `job.heartbeat`); a function that goes on is no longer waited for. */
  readonly signal: AbortSignal;
  /** Writes lines of JSON with the job's id. */
  readonly logger: TaskLogger;
  /** Tells how far the function has come: `progress(0.4, '400 of 1,000 rows')`. */
  readonly progress: ReportProgress;
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
  /**
   * Has `signal` abort within five seconds of someone cancelling the job: from the first call on, the job's row is read every four
   * seconds. A task that does not call it pays nothing, and runs on to its end when it is cancelled.
   */
  readonly heartbeat: () => void;
  /**
   * Finds the schedule's last job before this one that went well, by its fire time: to go on where it stopped, or to compare with.
   *
   * It is read when asked for, by one query, which may be a second behind; a task that does not ask pays nothing.
   *
   * @returns `undefined` where none of the 100 jobs before went well, or those that did have expired.
   * @throws {AlmanacError} `store.unavailable`.
   */
  readonly previousSuccess: () => Promise<PreviousSuccess | undefined>;
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
 * What it returns is kept as JSON, as `serializeResult` says; what it throws becomes the outcome `error`, and so does an error in a timer
 * or a rejection that nobody handles, after which the process ends.
 *
 * @returns A handler that throws for an event that is no start of this task, and where an end could not be written.
 */
export function defineTask(task: (run: TaskRun) => unknown): TaskHandler {
  let deployed: Deployment | undefined;
  return async (event, context) => {
    deployed ??= readDeployment();
    return handleStart(task, { start: readStart(event, deployed.taskId), context }, deployed);
  };
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
  { ports, history }: Deployment,
): Promise<JobEnd> {
  const id = jobId(keyOfStart(start));
  const logger = createTaskLogger({ job: id, requestId: context.awsRequestId });
  const end = await runJob(
    {
      start,
      run: (attempt) => {
        const { input, signal, progress } = attempt;
        const job = taskJob(start, attempt, history);
        return task({ input, job, signal, logger, progress });
      },
    },
    { remainingMs: () => context.getRemainingTimeInMillis() },
    ports,
  );
  logger.info('job', { ...end });
  // Whatever the function has left undone would go on beside the next job. What came of this one is written.
  if ('isProcessLost' in end) process.exit(1);
  return end;
}

function taskJob(
  start: Start,
  { job, deadlineMs, heartbeat }: Pick<Parameters<RunTask>[0], 'job' | 'deadlineMs' | 'heartbeat'>,
  history: HistoryPorts,
): TaskJob {
  const { key, attempt, metadata } = job;
  return {
    id: jobId(key),
    scheduleId: key.scheduleId,
    task: start.task,
    fireTime: toIso(fireTimeOf(key)),
    attempt,
    deadline: new Date(deadlineMs).toISOString(),
    metadata,
    heartbeat,
    previousSuccess: () => findPreviousSuccess(key, history),
  };
}
