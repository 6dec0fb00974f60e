/**
 * The message that a planned schedule's next fire time has come. It may arrive twice, late or out of order: the plan, which it is
 * compared with, makes that harmless.
 *
 * It is EventBridge's `Target.Input` and the payload of `advance-schedule`; on the starts queue, when it is due stands beside it.
 */
export interface Advance {
  /** Tells it from a start, wherever it is found, as among the dead letters. */
  readonly kind: 'advance';
  readonly scheduleId: string;
  /** The plan's `nextFireTime`, as `2026-11-23T09:00:00Z`. */
  readonly fireTime: string;
}
