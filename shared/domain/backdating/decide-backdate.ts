import type { Backdating } from '#shared/domain/backdating/backdating.ts';
import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import { FOREIGN_LEASE_SECONDS } from '#shared/domain/job/foreign-lease.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import { timesOf } from '#shared/domain/job/times-of.ts';
import { atExpiry } from '#shared/domain/result/at-expiry.ts';
import { decideMove, type PayloadMove } from '#shared/domain/result/decide-move.ts';
import type { RetentionChange } from '#shared/domain/result/decide-retention.ts';
import { ownRecordEnd } from '#shared/domain/result/expiry-attributes.ts';
import type { KeepLast, OwnExpiry } from '#shared/domain/result/keep-last.ts';
import { type Expiry, resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';

/** What a backdating does about a job. */
export type BackdateDecision =
  | { readonly kind: 'open' | 'expired' | 'leftAlone' | 'unchanged' }
  | RetentionChange;

/** By what a backdating decides. */
export type BackdateRules = Pick<Backdating, 'policy' | 'revision'> & {
  readonly now: EpochSeconds;
  /** Whether there is a place for the job among those that the policy holds by their number. */
  readonly isHeld: boolean;
};

/**
 * Decides what times a job gets that has settled by another policy: those that it would have, had it settled by this one.
 *
 * What has been hidden stays hidden. What someone has set by hand stands: a pinned job stays pinned, and goes back to the new times.
 */
export function decideBackdate(job: Job, rules: BackdateRules): BackdateDecision {
  const ended = endOf(job);
  if (!ended) return { kind: 'open' };
  if (isHidden(job, rules.now)) return { kind: 'expired' };
  if (job.revision > rules.revision) return { kind: 'leftAlone' };
  const { present, finishedAt, outcome } = ended;
  const { now } = rules;
  const { deliverBy } = job;
  // What was to happen at its expiry still happens, also once it is held no longer.
  const policy = { ...atExpiry(job), ...rules.policy };
  const leaseSeconds = leaseOf(job);
  const resolved = resolveExpiry({ policy, outcome, finishedAt, deliverBy, leaseSeconds });
  const own = ownOf(resolved, job, finishedAt);
  if (present.rule === 'job:pinned') return changeTo(job, { expiry: present, ownExpiry: own }, now);
  if (present.rule.startsWith('job:')) return { kind: 'leftAlone' };
  const { ownExpiry, keep, ...expiry } = resolved;
  if (!rules.isHeld || !ownExpiry || !keep)
    return changeTo(job, { expiry: own, move: decideMove(job, own, { now, mayShare: true }) }, now);
  // What is held would be kept for years by whoever shares it.
  const move = decideMove(job, expiry, { now, mayShare: false });
  return changeTo(job, { expiry, ownExpiry, keep, move }, now);
}

/** Tells whether a job is held by its number once a decision about it is carried out: then it has one of the places. */
export function isHeldAfter({ heldBy }: Job, decision: BackdateDecision): boolean {
  switch (decision.kind) {
    case 'change':
      return decision.keep !== undefined;
    case 'unchanged':
    case 'leftAlone':
      return heldBy !== undefined;
    case 'open':
    case 'expired':
      return false;
  }
}

function endOf({ key, state, outcome, ...job }: Job) {
  const { finishedAt = '', resultExpiresAt, expiresAt, retentionRule = 'schedule:default' } = job;
  const finished = fromIso(finishedAt);
  if (state !== 'settled' || outcome === undefined) return undefined;
  if (finished === undefined || expiresAt === undefined) return undefined;
  const present: OwnExpiry = {
    ...(resultExpiresAt !== undefined && { resultExpiresAt }),
    expiresAt: ownRecordEnd({ ...job, expiresAt }),
    rule: retentionRule,
  };
  // A fire time that is skipped beforehand has a record from the fire time on.
  return { present, outcome, finishedAt: Math.max(finished, fireTimeOf(key)) };
}

/** What has been archived, or is about to be, is as good as hidden: its record is only shown for some days more. */
function isHidden(
  { content, resultExpiresAt, expiresAt = 0, expiryAt = '' }: Job,
  now: EpochSeconds,
): boolean {
  const shownUntil = content ? (resultExpiresAt ?? expiresAt) : expiresAt;
  return Math.min(shownUntil, fromIso(expiryAt) ?? shownUntil) <= now;
}

/** Only the runner claims, and names itself; of what has settled without a claim, an adopted function's run may still go on. */
function leaseOf({ owner }: Job): number {
  return owner === undefined ? FOREIGN_LEASE_SECONDS : LONGEST_LEASE_SECONDS;
}

/** A result that the policy keeps no longer is hidden at once. */
function ownOf(resolved: Expiry, { content }: Job, finishedAt: EpochSeconds): OwnExpiry {
  if (resolved.ownExpiry) return resolved.ownExpiry;
  const { keep: _, ownExpiry: _o, ...own } = resolved;
  return content ? { resultExpiresAt: finishedAt, ...own } : own;
}

const TIMES = [
  'resultExpiresAt',
  'expiresAt',
  'archiveDays',
  'announceExpiry',
  'expiryDay',
  'expiryAt',
] as const;

type NewTimes = Pick<RetentionChange, 'expiry' | 'ownExpiry' | 'keep'>;

/** To ask for what is there already is no change, so that a step may be done again. */
function changeTo(
  job: Job,
  { move = {}, ...times }: NewTimes & { readonly move?: PayloadMove },
  now: EpochSeconds,
): BackdateDecision {
  const { expiry, ownExpiry } = times;
  const row = timesOf(job, expiry, now);
  const isAsItIs =
    TIMES.every((name) => job[name] === row[name]) &&
    job.retentionRule === expiry.rule &&
    isSameExpiry(job.ownExpiry, ownExpiry) &&
    isSameHold(job, times.keep);
  return isAsItIs ? { kind: 'unchanged' } : { kind: 'change', ...times, ...move };
}

function isSameExpiry(one: OwnExpiry | undefined, other: OwnExpiry | undefined): boolean {
  return (
    one?.resultExpiresAt === other?.resultExpiresAt &&
    one?.expiresAt === other?.expiresAt &&
    one?.archiveDays === other?.archiveDays &&
    one?.announceExpiry === other?.announceExpiry &&
    one?.rule === other?.rule
  );
}

/** What is to be held stands on each held job: the newest one's word counts. A job that is not held may still carry it. */
function isSameHold({ heldBy, keep: present }: Job, keep: KeepLast | undefined): boolean {
  if (heldBy === undefined || !keep) return (heldBy === undefined) === (keep === undefined);
  return present?.last === keep.last && present?.success === keep.success;
}
