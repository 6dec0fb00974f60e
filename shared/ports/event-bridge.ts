import type { ProjectedSchedule } from '#shared/domain/schedule/decide-projection.ts';

/** What EventBridge said. A refusal is a value: it is written on the schedule and tried again, and never blocks the others. */
export type ProjectionResult =
  | { readonly kind: 'applied' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** The one copy of our schedules that fires. */
export interface EventBridge {
  /** Makes EventBridge's copy equal to this, whether or not it has one. */
  apply(schedule: ProjectedSchedule): Promise<ProjectionResult>;
  /** Makes EventBridge have no copy. */
  remove(name: string): Promise<ProjectionResult>;
}
