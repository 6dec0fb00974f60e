import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { isBeyondDoubt } from '#shared/domain/job/decide-admission.ts';
import { fenceOf, LEASE_GRACE_SECONDS } from '#shared/domain/job/decide-claim.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import { lookAgainAfter } from '#shared/domain/job/look-again.ts';
import { nextAttemptAt } from '#shared/domain/job/next-attempt-at.ts';
import type { Fence } from '#shared/domain/job/settlement.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';

/** A start that did not lead to a settled job by itself, as a dead letter tells of it. */
export interface DeadLetter {
  readonly start: Start;
  /** Whether it never reached its task, or its task's invocation ended without an answer. */
  readonly kind: 'not-delivered' | 'crashed';
  /** AWS's name of what went wrong, and its words. */
  readonly code: string;
  readonly message: string;
  /** Trying again would meet the same refusal, as of access or a function that is not there. */
  readonly isPermanent: boolean;
}

/** What is to become of it. */
export type Undelivered =
  | { readonly kind: 'done' }
  | { readonly kind: 'start-again'; readonly notBefore: EpochSeconds }
  /** It will not run: its row, or a new one, says so. */
  | { readonly kind: 'give-up' }
  /** The lease has not ended, and only its end proves death. */
  | { readonly kind: 'look-again'; readonly notBefore: EpochSeconds }
  | { readonly kind: 'retry'; readonly from: Fence; readonly notBefore: EpochSeconds }
  | { readonly kind: 'abandon'; readonly from: Fence };

/**
 * Decides what becomes of a start whose dead letter has come.
 *
 *    no row, or one that waits for this attempt:  started again until deliverBy, then `undelivered`
 *    running, after a crash:                      at the end of the lease retried by the policy, or `abandoned`
 *    anything else:                               another start has seen to it
 *
 * A crash may have been of a later attempt than its start named, as a start takes over from a dead one; so any running row is watched
 * to the end of its lease.
 */
export function decideUndelivered(
  letter: DeadLetter,
  job: Job | undefined,
  now: EpochSeconds,
): Undelivered {
  if (!job) return decideWithoutRow(letter, now);
  const { start } = letter;
  const isWaiting = job.state === 'retrying' || job.state === 'queued';
  if (isWaiting && job.attempt + 1 === start.attempt)
    return canStartAgain(letter, now) ?? { kind: 'give-up' };
  return job.state === 'running' && letter.kind === 'crashed'
    ? decideCrashed(start, job, now)
    : { kind: 'done' };
}

function decideWithoutRow(letter: DeadLetter, now: EpochSeconds): Undelivered {
  // By then the row may have come and gone, and nothing tells a job that was never run from one that expired.
  if (!isBeyondDoubt(letter.start, now)) return { kind: 'done' };
  return canStartAgain(letter, now) ?? { kind: 'give-up' };
}

function canStartAgain(letter: DeadLetter, now: EpochSeconds): Undelivered | undefined {
  if (letter.isPermanent) return undefined;
  const notBefore = now + lookAgainAfter(now - fireTimeOf(keyOfStart(letter.start)));
  return notBefore <= deliverByOf(letter.start) ? { kind: 'start-again', notBefore } : undefined;
}

function decideCrashed(start: Start, job: Job, now: EpochSeconds): Undelivered {
  const deadAt = (job.leaseUntil ?? 0) + LEASE_GRACE_SECONDS;
  if (now < deadAt) return { kind: 'look-again', notBefore: deadAt };
  if (job.cancelRequested) return { kind: 'abandon', from: fenceOf(job) };
  const notBefore = nextAttemptAt({
    key: job.key,
    outcome: 'abandoned',
    attempt: job.attempt,
    retry: start.policy.retry,
    now,
    deliverBy: deliverByOf(start),
  });
  const from = fenceOf(job);
  return notBefore === undefined ? { kind: 'abandon', from } : { kind: 'retry', from, notBefore };
}
