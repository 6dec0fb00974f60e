import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { StartPolicy } from '#shared/domain/job/policy.ts';
import type { AtExpiry } from '#shared/domain/result/at-expiry.ts';
import type { RetentionRule } from '#shared/domain/result/retention-rule.ts';

/** The index that lists the jobs of a schedule that are held beyond their own time; its keys are {@link HELD_BY} and the fire time. */
export const BY_HELD = 'byHeld';

/** On a held job: its schedule. */
export const HELD_BY = 'heldBy';

/** What the index holds beside the keys: what decides who is displaced, and what a displaced job goes back to. */
export const HELD_ATTRIBUTES = ['outcome', 'keep', 'ownExpiry'] as const;

/** No schedule holds more jobs by their number: each settle reads an entry of each. */
export const MOST_KEPT_JOBS = 100;

/** Which of a schedule's jobs are kept whatever their own time is, as it stands on each of its jobs. */
export interface KeepLast {
  /** The newest so many jobs that ran, by their fire times; 0 or absent: none by their number. */
  readonly last?: number;
  /** The newest one that went well. */
  readonly success?: true;
}

/** The times that a held job goes back to. */
export interface OwnExpiry extends AtExpiry {
  readonly resultExpiresAt?: EpochSeconds;
  readonly expiresAt: EpochSeconds;
  readonly rule: RetentionRule;
}

/** A job that is held, as far as it decides who is displaced. */
export interface HeldJob {
  readonly key: JobKey;
  readonly outcome: Outcome;
  readonly ownExpiry: OwnExpiry;
}

/** Tells what of its policy a job carries, so that whoever follows it knows which jobs are still to be kept. */
export function keepLastOf({ keepLast, keepLastSuccess }: StartPolicy): KeepLast | undefined {
  if (keepLast === undefined && !keepLastSuccess) return undefined;
  return {
    ...(keepLast !== undefined && { last: keepLast }),
    ...(keepLastSuccess && { success: true }),
  };
}

/** Tells by which rule a job that ends so is held; `undefined` where it is not. A job that was not run holds nobody's place. */
export function holdingRule(
  { last = 0, success }: KeepLast,
  outcome: Outcome,
): Extract<RetentionRule, `schedule:keep${string}`> | undefined {
  if (last > 0 && HELD_OUTCOMES.has(outcome)) return 'schedule:keepLast';
  return success && outcome === 'success' ? 'schedule:keepLastSuccess' : undefined;
}

const HELD_OUTCOMES: ReadonlySet<Outcome> = new Set(['success', 'error', 'timed-out', 'abandoned']);

/**
 * Decides which jobs are held no longer.
 *
 *     older                                   newer, by fire time
 *     ── displaced ──│── the newest success ──│── the newest `last` ──
 *
 * @param held - In any order; a job that is missing only keeps another one longer.
 */
export function decideDisplaced(
  held: readonly HeldJob[],
  { last = 0, success }: KeepLast,
): readonly HeldJob[] {
  const newestFirst = held.toSorted((one, other) =>
    one.key.fireTime < other.key.fireTime ? 1 : -1,
  );
  const newestSuccess = success
    ? newestFirst.find(({ outcome }) => outcome === 'success')
    : undefined;
  return newestFirst.slice(last).filter((job) => job !== newestSuccess);
}
