import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';

/** Whose jobs start those of a dependent schedule, and by which ends. */
export interface Dependency {
  /** The schedule upstream, which need not exist. */
  readonly upstreamId: string;
  /** At least one, without repeats. */
  readonly outcomes: readonly Outcome[];
}

/** Finds what a schedule depends on; `undefined` for one with fire times of its own. */
export function dependencyOf({
  trigger: json,
}: Pick<ScheduleDefinition, 'trigger'>): Dependency | undefined {
  // No other kind is read, as that may take long.
  if (json['kind'] !== 'after') return undefined;
  const parsed = parseTrigger(json);
  if (!parsed.ok || parsed.trigger.kind !== 'after') return undefined;
  const { schedule, outcomes } = parsed.trigger;
  return { upstreamId: schedule, outcomes };
}
