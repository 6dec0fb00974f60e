import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { describeError } from '#shared/domain/job/describe-error.ts';
import { type EndedAttempt, withEndedAttempt } from '#shared/domain/job/ended-attempt.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import { nextAttemptAt, type RetryAdvice } from '#shared/domain/job/next-attempt-at.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { givesWay } from '#shared/domain/job/overlap.ts';
import type { ClaimedJob, JobStanding, Settlement } from '#shared/domain/job/settlement.ts';
import { deliverByOf, type Start } from '#shared/domain/job/start.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import { createHeartbeat } from '#shared/runner/heartbeat.ts';
import { InputUnavailable } from '#shared/runner/input-unavailable.ts';
import { lookUpResult } from '#shared/runner/look-up-result.ts';
import { PermanentError } from '#shared/runner/permanent-error.ts';
import { createProgressReporter, type ReportProgress } from '#shared/runner/progress-reporter.ts';
import { readyInput } from '#shared/runner/ready-input.ts';
import { isResultFile } from '#shared/runner/result-file.ts';
import { RetryAfter } from '#shared/runner/retry-after.ts';
import { type AttemptEnd, attemptLimits, runAttempt } from '#shared/runner/run-attempt.ts';
import type { Invocation, RunnerPorts } from '#shared/runner/runner-ports.ts';
import { runningFence, settleJob } from '#shared/runner/settle-job.ts';
import { storeResult } from '#shared/runner/store-result.ts';
import { takeFile, takenFile } from '#shared/runner/take-file.ts';

/** What became of an attempt. */
export type ClaimedEnd = AttemptOutcome & {
  /** The function let go of an error, or may go on without its job: the process must not run another. */
  readonly isProcessLost?: true;
};

type AttemptOutcome =
  | { readonly kind: 'settled'; readonly outcome: Outcome; readonly attempt: number }
  | { readonly kind: 'retrying'; readonly attempt: number; readonly nextAttemptAt: EpochSeconds }
  /** The job has been taken from it, and nothing was written. */
  | { readonly kind: 'fenced-off' };

/** The user's function, as the runner calls it. */
export type RunTask = (attempt: {
  readonly job: ClaimedJob;
  /** The start's, the results that it refers to in their places. */
  readonly input: unknown;
  readonly signal: AbortSignal;
  /** When the signal aborts, in epoch milliseconds. */
  readonly deadlineMs: number;
  readonly progress: ReportProgress;
  /** Has the signal abort also when someone cancels the job. */
  readonly heartbeat: () => void;
}) => unknown;

/** A job that has been won, its start, and what runs it. */
export interface ClaimedRun {
  readonly start: Start;
  readonly run: RunTask;
  readonly job: ClaimedJob;
}

/**
 * Runs the attempt that an invocation has claimed, and settles it or lets it go for the next.
 *
 * @throws {AlmanacError} `store.unavailable` where its end could not be written.
 */
export async function runClaimed(
  { start, run, job }: ClaimedRun,
  invocation: Invocation,
  ports: RunnerPorts,
): Promise<ClaimedEnd> {
  const limits = attemptLimits(invocation.remainingMs(), start.policy.timeoutSeconds);
  const deadlineMs = ports.nowMs() + limits.abortAfterMs;
  const reporter = createProgressReporter(job, ports);
  const heartbeat = createHeartbeat(job, ports);
  if (givesWay(start.policy.overlap)) heartbeat.start();
  const startedMs = performance.now();
  let readied = job;
  const end = await runAttempt(
    async (signal) => {
      const ready = await readyInput(start, job, ports);
      readied = ready.job;
      const { input } = ready;
      const [progress, beat] = [reporter.report, heartbeat.start];
      const value = await run({ job, input, signal, deadlineMs, progress, heartbeat: beat });
      return isResultFile(value) ? takeFile(value, { start, job, signal }, ports) : value;
    },
    { ...limits, cancelled: heartbeat.signal },
    ports.lostErrors,
  );
  const durationMs = Math.round(performance.now() - startedMs);
  reporter.stop();
  heartbeat.stop();
  const outcome = await conclude({ start, job: readied, durationMs, end }, ports);
  // A function from whom its job was taken may still go on, and nobody waits for it any more.
  return end.kind === 'lost' || heartbeat.isTaken() ? { ...outcome, isProcessLost: true } : outcome;
}

interface EndOfRun {
  readonly start: Start;
  readonly job: ClaimedJob;
  readonly durationMs: number;
}

async function conclude(
  { end, ...ended }: EndOfRun & { readonly end: AttemptEnd },
  ports: RunnerPorts,
): Promise<AttemptOutcome> {
  const { job } = ended;
  const failed = failureOf(end);
  const retrying = failed && (await retry({ ...ended, failure: failed }, ports));
  if (retrying && retrying !== 'cancelled') return retrying;
  const failure = retrying === 'cancelled' ? CANCELLED : failed;
  // They come before the result is placed, as they take room in the row.
  const values = await valuesOf(end, ended.start, ports);
  const settlement = { ...settlementOf({ ...ended, ...failure }, ports), ...values };
  const result =
    end.kind === 'returned'
      ? (takenFile(end.value) ??
        (await storeResult(end.value, { job, settlement, policy: ended.start.policy }, ports)))
      : undefined;
  const settled = await settleJob(job, { ...settlement, ...(result && { result }) }, ports);
  return settled === 'settled'
    ? { kind: 'settled', outcome: settlement.outcome, attempt: job.attempt }
    : { kind: 'fenced-off' };
}

/** A file has none: it is no JSON. */
async function valuesOf(end: AttemptEnd, { policy }: Start, ports: RunnerPorts) {
  if (end.kind !== 'returned' || takenFile(end.value)) return {};
  return lookUpResult(end.value, policy, ports);
}

interface Failure {
  readonly outcome: 'error' | 'timed-out' | 'cancelled' | 'skipped';
  readonly error: JobError;
  readonly advice?: RetryAdvice;
}

const TIMED_OUT: Failure = {
  outcome: 'timed-out',
  error: { name: 'TimedOut', message: 'The task did not end in the time that it had.' },
};

const CANCELLED: Failure = {
  outcome: 'cancelled',
  error: { name: 'Cancelled', message: 'The job was cancelled while it ran.' },
};

function failureOf(end: AttemptEnd): Failure | undefined {
  if (end.kind === 'returned') return undefined;
  if (end.kind === 'timed-out') return TIMED_OUT;
  if (end.kind === 'cancelled') return CANCELLED;
  const advice = adviceOf(end.error);
  const outcome = end.error instanceof InputUnavailable ? end.error.end.outcome : 'error';
  return { outcome, error: describeError(end.error), ...(advice && { advice }) };
}

function adviceOf(error: unknown): RetryAdvice | undefined {
  if (error instanceof PermanentError) return { kind: 'never' };
  if (error instanceof InputUnavailable && error.end.isFinal) return { kind: 'never' };
  return error instanceof RetryAfter ? { kind: 'after', seconds: error.seconds } : undefined;
}

function settlementOf(
  end: EndOfRun & Partial<Failure>,
  ports: Pick<RunnerPorts, 'nowMs'>,
): Settlement {
  const { start, job, outcome = 'success', error, durationMs } = end;
  const finishedAt = Math.ceil(ports.nowMs() / 1000);
  const expiry = resolveExpiry({
    policy: start.policy,
    outcome,
    finishedAt,
    deliverBy: deliverByOf(start),
    leaseSeconds: LONGEST_LEASE_SECONDS,
  });
  return {
    outcome,
    finishedAt,
    durationMs,
    ...(error && { error }),
    ...(job.attempts && { attempts: attemptsWith(end, { outcome, ...(error && { error }) }) }),
    expiry,
  };
}

function attemptsWith(
  { job, durationMs }: EndOfRun,
  end: Pick<EndedAttempt, 'outcome' | 'error'>,
): readonly EndedAttempt[] {
  const { attempt, attempts = [], startedAt } = job;
  return withEndedAttempt(attempts, { attempt, ...end, startedAt: toIso(startedAt), durationMs });
}

/**
 * Follows a failed attempt by another where the policy says so. The start goes first: a crash in between leaves a start that waits
 * for the lease, where the other order would leave a job that no start comes for.
 */
async function retry(
  failed: EndOfRun & { readonly failure: Failure },
  ports: RunnerPorts,
): Promise<AttemptOutcome | 'cancelled' | undefined> {
  const { start, job, failure } = failed;
  const { outcome, error, advice } = failure;
  const { key, attempt } = job;
  const retryAt = nextAttemptAt({
    key,
    outcome,
    attempt,
    retry: start.policy.retry,
    ...(advice && { advice }),
    now: Math.ceil(ports.nowMs() / 1000),
    deliverBy: deliverByOf(start),
  });
  if (retryAt === undefined) return undefined;
  const starts = await ports.starts();
  await starts.send({
    kind: 'start',
    notBefore: retryAt,
    start: { ...start, attempt: attempt + 1 },
  });
  const attempts = attemptsWith(failed, { outcome, error });
  const written = await ports.jobs.retry(key, runningFence(job), { error, retryAt, attempts });
  if (written.kind === 'refused' && isCancelled(written.found, job)) return 'cancelled';
  const isWritten =
    written.kind === 'written' ||
    (written.found?.state === 'retrying' && written.found.owner === job.owner);
  return isWritten ? { kind: 'retrying', attempt, nextAttemptAt: retryAt } : { kind: 'fenced-off' };
}

/** The start that was sent before finds the job settled. */
function isCancelled(found: JobStanding | undefined, { attempt, owner }: ClaimedJob): boolean {
  return (
    found?.isCancelRequested === true &&
    found.state === 'running' &&
    found.attempt === attempt &&
    found.owner === owner
  );
}
