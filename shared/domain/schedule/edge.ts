import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { type Dependency, dependencyOf } from '#shared/domain/schedule/dependency.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';

/** How a schedule's dependents are found when its job settles: each has one edge, which stands beside the schedule upstream. */
export interface Edge {
  readonly upstreamId: string;
  readonly dependentId: string;
  readonly outcomes: readonly Outcome[];
  /** Since when the dependent has this trigger: jobs that settled before do not start it. */
  readonly since: EpochSeconds;
}

/** What a write of a schedule changes about its edge; both absent where it leaves its trigger as it was. */
export interface EdgeChange {
  readonly put?: Edge;
  readonly removed?: Pick<Edge, 'upstreamId' | 'dependentId'>;
}

/**
 * Finds what has to be written beside a definition, so that the edge says what the definition does.
 *
 * @param before - The definition that is replaced; absent for a new schedule.
 * @param after - The new one; absent where the schedule is deleted.
 */
export function edgeChange(
  before: ScheduleDefinition | undefined,
  after: ScheduleDefinition | undefined,
): EdgeChange {
  const [old, present] = [before && dependencyOf(before), after && dependencyOf(after)];
  const isMoved = old?.upstreamId !== present?.upstreamId;
  return {
    ...(after && present && !(old && isSame(old, present)) && { put: edgeOf(after, present) }),
    ...(before &&
      old &&
      isMoved && {
        removed: { upstreamId: old.upstreamId, dependentId: before.scheduleId },
      }),
  };
}

function edgeOf({ scheduleId, updatedAt }: ScheduleDefinition, dependency: Dependency): Edge {
  return { ...dependency, dependentId: scheduleId, since: updatedAt };
}

function isSame(one: Dependency, other: Dependency): boolean {
  return one.upstreamId === other.upstreamId && one.outcomes.join() === other.outcomes.join();
}
