import type { Backdating } from '#shared/domain/backdating/backdating.ts';
import {
  type BackdateDecision,
  type BackdateRules,
  decideBackdate,
  isHeldAfter,
} from '#shared/domain/backdating/decide-backdate.ts';
import { hasPlace, type Places, takePlace } from '#shared/domain/backdating/places.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';

/** What a backdating makes of the jobs of a page. */
export interface DecidedPage {
  /** In the page's order. */
  readonly decided: readonly DecidedJob[];
  /** Those that are left for older jobs. */
  readonly places: Places;
}

/** A job with what is done about it, and by which rules, for where it has changed meanwhile. */
export interface DecidedJob {
  readonly job: Job;
  readonly decision: BackdateDecision;
  readonly rules: BackdateRules;
}

/**
 * Decides about the next jobs of a backdating.
 *
 *     older                                            newer, by fire time
 *     ── their own times ──│── the newest success ──│── the newest `last` that are there ──
 *
 * @param jobs - Newest first; behind those that were looked at before.
 */
export function decidePage(
  { policy, revision, places: before }: Pick<Backdating, 'policy' | 'revision' | 'places'>,
  jobs: readonly Job[],
  now: EpochSeconds,
): DecidedPage {
  let places = before;
  const decided = jobs.map((job): DecidedJob => {
    const { outcome } = job;
    const isHeld = outcome !== undefined && hasPlace(places, outcome);
    const rules = { policy, revision, now, isHeld };
    const decision = decideBackdate(job, rules);
    if (outcome !== undefined && isHeldAfter(job, decision)) places = takePlace(places, outcome);
    return { job, decision, rules };
  });
  return { decided, places };
}
