import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import { fireTimeOf, type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import type { Start } from '#shared/domain/job/start.ts';
import { dependencyOf } from '#shared/domain/schedule/dependency.ts';
import { startOf } from '#shared/domain/schedule/due-starts.ts';
import type { Edge } from '#shared/domain/schedule/edge.ts';
import { isLeftOut } from '#shared/domain/schedule/pause.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';

/** A job that has settled, by which dependents may be started. */
export interface UpstreamEnd {
  readonly key: JobKey;
  readonly outcome: Outcome;
  readonly finishedAt: EpochSeconds;
}

/** What the end of a job upstream means to one dependent. */
export type DependentDecision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'start'; readonly start: Start }
  /** The job is settled `skipped`, unrun. */
  | { readonly kind: 'skip'; readonly start: Start; readonly error: JobError };

/**
 * Tells whether the end of a job counts for an edge, before the dependent is read.
 *
 * A fire time that is skipped beforehand has no job that ended: it counts for nobody.
 */
export function isFollowed(edge: Edge, { key, outcome, finishedAt }: UpstreamEnd): boolean {
  if (!edge.outcomes.includes(outcome) || finishedAt < edge.since) return false;
  return outcome !== 'skipped' || fireTimeOf(key) <= finishedAt;
}

/**
 * Decides what the end of a job upstream means to a dependent as it stands now.
 *
 *    finishedAt: started, or skipped where it is paused       + catchUpWindow
 *        |── its job may be begun ───────────────────────────────|
 *
 * Its job has the fire time of the one upstream, with the same suffix, so that whoever decides this again names the same job.
 *
 * @param dependent - A stored schedule that the edge has led to; by now it may come after another one, or be gone.
 */
export function decideDependent(
  dependent: Partial<StoredSchedule>,
  end: UpstreamEnd,
): DependentDecision {
  const { definition, state } = dependent;
  const { key, outcome, finishedAt } = end;
  const dependency = definition && dependencyOf(definition);
  const isWanted =
    dependency?.upstreamId === key.scheduleId && dependency.outcomes.includes(outcome);
  if (!definition || !state || !isWanted) return { kind: 'nothing' };
  const window = definition.policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS;
  const start: Start = {
    ...startOf(definition, key.fireTime),
    deliverBy: toIso(finishedAt + window),
  };
  if (!isLeftOut(state, finishedAt)) return { kind: 'start', start };
  const message = `The schedule was paused when ${jobId(key)} ended.`;
  return { kind: 'skip', start, error: { name: 'SchedulePaused', message } };
}
