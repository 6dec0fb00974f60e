import type { Fault } from '#local/faults.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { Row } from '#test/support/play-on-cloud.ts';

/** A function whose calls can be disturbed: the probing task's, or one of the stack's by the beginning of its logical id. */
export type Actor =
  | 'task'
  | 'AdvanceSchedule'
  | 'FollowJobs'
  | 'ProjectSchedules'
  | 'SettleUndelivered'
  | 'StartJobs';

/** One way through the system, which is to end well whatever call of it goes wrong. */
export interface Scenario {
  readonly name: string;
  /** Whose calls are disturbed. */
  readonly actors: readonly Actor[];
  /** The schedule's trigger and policies, for a first firing at an instant in ISO 8601. */
  readonly schedule: (firstAt: string) => Row;
  /** The policies of a second schedule, whose job comes after each of the first's, however that ended. */
  readonly dependent?: Row;
  /** Whether it is run by hand at its first instant, instead of by its trigger. */
  readonly isRunByHand?: true;
  /** When its jobs fire, in seconds from the first. */
  readonly firings: readonly number[];
  /** What goes wrong in every play of it, calm ones too. */
  readonly given?: readonly (Omit<Fault, 'caller' | 'about'> & { readonly actor: Actor })[];
  /** Whether it is run by hand in the end, when nothing that is left behind may keep that job from running. */
  readonly isRunAfterwards?: true;
  /** Whether its jobs expire before anyone looks, so that none may be there. */
  readonly isExpired?: true;
  /** How a job may end where one of its calls was killed or failed for good; with a calm play's end, that is. */
  readonly outcomes: readonly Outcome[];
}
