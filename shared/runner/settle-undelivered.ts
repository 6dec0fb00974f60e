import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { fenceOf } from '#shared/domain/job/decide-claim.ts';
import { type DeadLetter, decideUndelivered } from '#shared/domain/job/decide-undelivered.ts';
import { type EndedAttempt, withEndedAttempt } from '#shared/domain/job/ended-attempt.ts';
import type { Job, JobError } from '#shared/domain/job/job.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import type { Fence } from '#shared/domain/job/settlement.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { parseUnsettledJob } from '#shared/domain/job/unsettled-job.ts';
import { unsettledKey } from '#shared/domain/result/payload-class.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import type { JobReader, JobStore } from '#shared/ports/job-store.ts';
import type { PayloadStore } from '#shared/ports/payload-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';
import { settleUnrun } from '#shared/runner/settle-unrun.ts';

/** What settling needs. */
export interface SettleUndeliveredPorts {
  readonly now: WallClock;
  readonly jobs: Pick<JobStore, 'createSettled' | 'settle' | 'retry'> & Pick<JobReader, 'get'>;
  readonly payloads: Pick<PayloadStore, 'getUnsettled' | 'deleteUnsettled'>;
  readonly queue: StartQueue;
  /** Has the letter at hand delivered again, not before an instant. */
  readonly lookAgain: (notBefore: EpochSeconds) => Promise<void>;
}

/** What was done about a letter. */
export type LetterEnd =
  | 'completed'
  | 'nothing-to-do'
  | 'started-again'
  | 'given-up'
  | 'waiting'
  | 'retrying'
  | 'abandoned';

/**
 * Brings a job whose start did not lead to its end to one: by what its attempt left behind, by another start, or by an outcome that
 * says what happened.
 *
 * All of it may be repeated: each write is conditional on how the row was found, and a start too many is harmless.
 *
 * @throws {AlmanacError} `store.unavailable`; the queue then delivers the letter again.
 */
export async function settleUndelivered(
  letter: DeadLetter,
  ports: SettleUndeliveredPorts,
): Promise<LetterEnd> {
  const { start } = letter;
  const job = await ports.jobs.get(keyOfStart(start));
  if (job && (await completeUnsettled(job, ports))) return 'completed';
  const decision = decideUndelivered(letter, job, ports.now());
  switch (decision.kind) {
    case 'done':
      return 'nothing-to-do';
    case 'start-again':
      await ports.queue.send({ kind: 'start', notBefore: decision.notBefore, start });
      return 'started-again';
    case 'give-up':
      await settleUnrun(
        start,
        { outcome: 'undelivered', error: errorOf(letter) },
        {
          jobs: ports.jobs,
          nowMs: () => ports.now() * 1000,
        },
      );
      return 'given-up';
    case 'look-again':
      await ports.lookAgain(decision.notBefore);
      return 'waiting';
    case 'retry':
      await retry({ letter, job }, decision, ports);
      return 'retrying';
    case 'abandon':
      await abandon({ letter, job }, decision.from, ports);
      return 'abandoned';
  }
}

/** An attempt that could not write its end has left it in the bucket, under its own name. */
async function completeUnsettled(job: Job, ports: SettleUndeliveredPorts): Promise<boolean> {
  if (job.owner === undefined || (job.state !== 'running' && job.state !== 'settled')) return false;
  const key = unsettledKey({ key: job.key, attempt: job.attempt, owner: job.owner });
  const text = await ports.payloads.getUnsettled(key);
  const unsettled = text === undefined ? undefined : parseUnsettledJob(text);
  if (!unsettled) return false;
  if (job.state === 'running')
    await ports.jobs.settle(job.key, fenceOf({ ...job, state: 'running' }), {
      ...unsettled.settlement,
      writtenAt: ports.now(),
    });
  await ports.payloads.deleteUnsettled(key);
  return true;
}

/** An attempt whose invocation crashed, and its row. */
interface DeadAttempt {
  readonly letter: DeadLetter;
  readonly job: Job | undefined;
}

function attemptsWith(
  { attempt }: Fence,
  error: JobError,
  job: Job | undefined,
): readonly EndedAttempt[] {
  const { attempts = [], startedAt } = job ?? {};
  return withEndedAttempt(attempts, {
    attempt,
    outcome: 'abandoned',
    ...(startedAt !== undefined && { startedAt }),
    error,
  });
}

/** As the runner does: the start first, so that a crash in between leaves one too many, never one too few. */
async function retry(
  { letter, job }: DeadAttempt,
  { from, notBefore }: { readonly from: Fence; readonly notBefore: EpochSeconds },
  ports: SettleUndeliveredPorts,
): Promise<void> {
  const start: Start = { ...letter.start, attempt: from.attempt + 1 };
  const error = errorOf(letter);
  await ports.queue.send({ kind: 'start', notBefore, start });
  await ports.jobs.retry(keyOfStart(start), from, {
    error,
    retryAt: notBefore,
    attempts: attemptsWith(from, error, job),
  });
}

async function abandon(
  { letter, job }: DeadAttempt,
  from: Fence,
  ports: SettleUndeliveredPorts,
): Promise<void> {
  const { start } = letter;
  const finishedAt = ports.now();
  const error = errorOf(letter);
  const outcome = job?.cancelRequested ? 'cancelled' : 'abandoned';
  await ports.jobs.settle(keyOfStart(start), from, {
    outcome,
    finishedAt,
    error,
    ...(job?.attempts && { attempts: attemptsWith(from, error, job) }),
    expiry: resolveExpiry({
      policy: start.policy,
      outcome,
      finishedAt,
      deliverBy: deliverByOf(start),
      leaseSeconds: LONGEST_LEASE_SECONDS,
    }),
  });
}

/** A message of Lambda's can be as long as a function's own error. */
const LONGEST_MESSAGE_CHARACTERS = 256;

function errorOf({ code, message }: DeadLetter): JobError {
  return { name: code, message: message.slice(0, LONGEST_MESSAGE_CHARACTERS) };
}
