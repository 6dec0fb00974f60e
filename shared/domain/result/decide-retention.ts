import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import { FOREIGN_LEASE_SECONDS } from '#shared/domain/job/foreign-lease.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { decideMove, type PayloadMove } from '#shared/domain/result/decide-move.ts';
import { ownRecordEnd } from '#shared/domain/result/expiry-attributes.ts';
import type { KeepLast, OwnExpiry } from '#shared/domain/result/keep-last.ts';

/** What someone asks for one job's result, or for its record where it has none. */
export type RetentionRequest =
  /** Counted from the job's finish; 0 lets it go at once. */
  | { readonly kind: 'for'; readonly seconds: number }
  | { readonly kind: 'until'; readonly at: EpochSeconds }
  /** To be kept as long as the stack keeps anything, counted from now. */
  | { readonly kind: 'pin' }
  /** Gives back the times that the job had before it was pinned. */
  | { readonly kind: 'unpin' };

/** What a job's times become, or why they stay. */
export type RetentionDecision =
  | { readonly kind: 'unfinished' | 'expired' | 'unchanged' }
  /** It would be kept beyond what the stack allows. */
  | { readonly kind: 'too-long' }
  | RetentionChange;

export interface RetentionChange extends PayloadMove {
  readonly kind: 'change';
  readonly expiry: OwnExpiry;
  /** What the job goes back to once it is no longer pinned or held; absent: it is neither. */
  readonly ownExpiry?: OwnExpiry;
  /** Set where its schedule holds the job by its number. */
  readonly keep?: KeepLast;
}

/**
 * Decides what becomes of one settled job's times when someone asks for others.
 *
 *     deliverBy + lease          resultExpiresAt        expiresAt
 *       ──|── the record alone may go ──|── later where the record has a time of its own ──|
 *
 * @param limits.longestSeconds - The stack's maximum, counted from now.
 */
export function decideRetention(
  job: Job,
  request: RetentionRequest,
  limits: { readonly now: EpochSeconds; readonly longestSeconds: number },
): RetentionDecision {
  const { now, longestSeconds } = limits;
  const present = presentExpiry(job);
  if (!present) return { kind: 'unfinished' };
  if ((present.resultExpiresAt ?? present.expiresAt) <= now) return { kind: 'expired' };
  const own = job.ownExpiry ?? present;
  // Someone has singled this job out: its object is copied for it alone.
  const alone = { now, mayShare: false };
  if (request.kind === 'unpin')
    return job.ownExpiry && present.rule === 'job:pinned'
      ? { kind: 'change', expiry: job.ownExpiry, ...decideMove(job, job.ownExpiry, alone) }
      : { kind: 'unchanged' };
  const isPin = request.kind === 'pin';
  const at = isPin ? now + longestSeconds : instantOf(request, job);
  if (at > now + longestSeconds) return { kind: 'too-long' };
  const expiry: OwnExpiry = { ...lasting(job, own, at), rule: isPin ? 'job:pinned' : 'job:set' };
  return {
    kind: 'change',
    expiry,
    ...(isPin && { ownExpiry: own }),
    ...decideMove(job, expiry, alone),
  };
}

function presentExpiry(job: Job): OwnExpiry | undefined {
  const { state, content, resultExpiresAt, expiresAt, retentionRule = 'schedule:default' } = job;
  if (state !== 'settled' || expiresAt === undefined) return undefined;
  return {
    ...(content && resultExpiresAt !== undefined && { resultExpiresAt }),
    expiresAt: job.restoredAt ? expiresAt : ownRecordEnd({ ...job, expiresAt }),
    rule: retentionRule,
  };
}

function instantOf(
  request: Extract<RetentionRequest, { kind: 'for' | 'until' }>,
  { finishedAt = '' }: Job,
): EpochSeconds {
  return request.kind === 'until' ? request.at : (fromIso(finishedAt) ?? 0) + request.seconds;
}

/** A record that was to outlive its result keeps that time; no record goes while a start of its job could still come. */
function lasting(job: Job, own: OwnExpiry, at: EpochSeconds): Omit<OwnExpiry, 'rule'> {
  const earliest = Math.max(at, job.deliverBy + FOREIGN_LEASE_SECONDS);
  const { resultExpiresAt, expiresAt } = own;
  if (resultExpiresAt === undefined) return { expiresAt: earliest };
  return {
    resultExpiresAt: at,
    expiresAt: expiresAt > resultExpiresAt ? Math.max(earliest, expiresAt) : earliest,
  };
}
