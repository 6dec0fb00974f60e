import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { type Admission, decideAdmission } from '#shared/domain/job/decide-admission.ts';
import { decideSkip } from '#shared/domain/job/decide-skip.ts';
import { describeError } from '#shared/domain/job/describe-error.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import { nextAttemptAt } from '#shared/domain/job/next-attempt-at.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { ClaimedJob, Settlement } from '#shared/domain/job/settlement.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import { type Claim, claimJob } from '#shared/runner/claim-job.ts';
import type { UnrunEnd } from '#shared/runner/create-unrun.ts';
import { type AttemptEnd, attemptLimits, runAttempt } from '#shared/runner/run-attempt.ts';
import { type Invocation, type RunnerPorts, secondsNow } from '#shared/runner/runner-ports.ts';
import { runningFence, settleJob } from '#shared/runner/settle-job.ts';
import { settleUnrun } from '#shared/runner/settle-unrun.ts';
import { storeResult } from '#shared/runner/store-result.ts';

/** What an invocation came to; it is also what a direct invocation is answered with. */
export type JobEnd =
  | { readonly kind: 'settled'; readonly outcome: Outcome; readonly attempt: number }
  | { readonly kind: 'retrying'; readonly attempt: number; readonly nextAttemptAt: EpochSeconds }
  /** The job was settled without being run, by this start or before. */
  | { readonly kind: 'unrun'; readonly outcome: Outcome | undefined }
  /** Another attempt runs the job; this start was sent on where it names the attempt after it. */
  | { readonly kind: 'held'; readonly isSentOn: boolean }
  | { readonly kind: 'already-settled' | 'superseded' | 'dropped' | 'fenced-off' };

/** The user's function, as the runner calls it. */
export type RunTask = (attempt: {
  readonly job: ClaimedJob;
  readonly signal: AbortSignal;
  /** When the signal aborts, in epoch milliseconds. */
  readonly deadlineMs: number;
}) => unknown;

/** A start that comes while its job's last attempt is still held is sent on by this much at most. */
const LONGEST_HOP_SECONDS = 30;

/**
 * Runs one start to its end: admits it, claims its job, runs the task and settles what came of it.
 *
 * @throws {AlmanacError} `store.unavailable` where an end could not be written; the failure destination takes it from there.
 */
export async function runJob(
  { start, run }: { readonly start: Start; readonly run: RunTask },
  invocation: Invocation,
  ports: RunnerPorts,
): Promise<JobEnd> {
  const admission = decideAdmission(start, secondsNow(ports));
  if (admission.kind === 'dropped') return { kind: 'dropped' };
  const refusal = await refusalOf(start, admission, ports);
  if (refusal) return { kind: 'unrun', outcome: await settleUnrun(start, refusal, ports) };
  const claim = await claimJob(start, invocation.remainingMs(), ports);
  switch (claim.kind) {
    case 'claimed':
      return runClaimed({ start, run, job: claim.job }, invocation, ports);
    case 'held':
      return { kind: 'held', isSentOn: await sendOn(start, claim, ports) };
    case 'settled':
      return { kind: 'already-settled' };
    case 'superseded':
      return { kind: 'superseded' };
  }
}

const TIMED_OUT: JobError = {
  name: 'TimedOut',
  message: 'The task did not end in the time that it had.',
};

async function refusalOf(
  start: Start,
  admission: Admission,
  ports: RunnerPorts,
): Promise<UnrunEnd | undefined> {
  if (admission.kind === 'missed') return { outcome: 'missed', error: admission.error };
  if (admission.kind !== 'begin-if-wanted') return undefined;
  const status = await ports.schedules.read(start.scheduleId);
  const reason = decideSkip(status, fireTimeOf(keyOfStart(start)));
  return reason && { outcome: 'skipped', error: reason };
}

/**
 * Sends a start on that names the attempt after one that is still held: a retry's start overtook the write that lets its job go, or
 * the attempt died between the two.
 */
async function sendOn(
  start: Start,
  held: Extract<Claim, { kind: 'held' }>,
  ports: RunnerPorts,
): Promise<boolean> {
  if (start.attempt !== held.attempt + 1) return false;
  const notBefore = Math.min(held.until, secondsNow(ports) + LONGEST_HOP_SECONDS);
  const starts = await ports.starts();
  await starts.send({ kind: 'start', notBefore, start });
  return true;
}

interface ClaimedRun {
  readonly start: Start;
  readonly run: RunTask;
  readonly job: ClaimedJob;
}

async function runClaimed(
  { start, run, job }: ClaimedRun,
  invocation: Invocation,
  ports: RunnerPorts,
): Promise<JobEnd> {
  const limits = attemptLimits(invocation.remainingMs(), start.policy.timeoutSeconds);
  const deadlineMs = ports.nowMs() + limits.abortAfterMs;
  const startedMs = performance.now();
  const end = await runAttempt((signal) => run({ job, signal, deadlineMs }), limits);
  const durationMs = Math.round(performance.now() - startedMs);
  const failure = failureOf(end);
  const retrying = failure && (await retry({ start, job, failure }, ports));
  if (retrying) return retrying;
  const settlement = settlementOf(start, { ...failure, durationMs }, ports);
  const result =
    end.kind === 'returned' ? await storeResult(end.value, { job, settlement }, ports) : undefined;
  const settled = await settleJob(job, { ...settlement, ...(result && { result }) }, ports);
  return settled === 'settled'
    ? { kind: 'settled', outcome: settlement.outcome, attempt: job.attempt }
    : { kind: 'fenced-off' };
}

interface Failure {
  readonly outcome: 'error' | 'timed-out';
  readonly error: JobError;
}

function failureOf(end: AttemptEnd): Failure | undefined {
  if (end.kind === 'returned') return undefined;
  return end.kind === 'threw'
    ? { outcome: 'error', error: describeError(end.error) }
    : { outcome: 'timed-out', error: TIMED_OUT };
}

function settlementOf(
  start: Start,
  end: Partial<Failure> & { readonly durationMs: number },
  ports: RunnerPorts,
): Settlement {
  const { outcome = 'success', error, durationMs } = end;
  const finishedAt = Math.ceil(ports.nowMs() / 1000);
  const expiry = resolveExpiry({
    policy: start.policy,
    outcome,
    finishedAt,
    deliverBy: deliverByOf(start),
    leaseSeconds: LONGEST_LEASE_SECONDS,
  });
  return { outcome, finishedAt, durationMs, ...(error && { error }), expiry };
}

/**
 * Follows a failed attempt by another where the policy says so. The start goes first: a crash in between leaves a start that waits
 * for the lease, where the other order would leave a job that no start comes for.
 */
async function retry(
  failed: { readonly start: Start; readonly job: ClaimedJob; readonly failure: Failure },
  ports: RunnerPorts,
): Promise<JobEnd | undefined> {
  const { start, job, failure } = failed;
  const { attempt } = job;
  const at = nextAttemptAt({
    outcome: failure.outcome,
    attempt,
    retry: start.policy.retry,
    now: Math.ceil(ports.nowMs() / 1000),
    deliverBy: deliverByOf(start),
  });
  if (at === undefined) return undefined;
  const starts = await ports.starts();
  await starts.send({
    kind: 'start',
    notBefore: at,
    start: { ...start, attempt: attempt + 1 },
  });
  const written = await ports.jobs.retry(job.key, runningFence(job), failure);
  const isWritten =
    written.kind === 'written' ||
    (written.found?.state === 'retrying' && written.found.owner === job.owner);
  return isWritten ? { kind: 'retrying', attempt, nextAttemptAt: at } : { kind: 'fenced-off' };
}
