import type { Fault } from '#local/faults.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { Row } from '#test/support/play-on-cloud.ts';

/** A function whose calls can be disturbed: the probing task's, or one of the stack's by the beginning of its logical id. */
export type Actor =
  | 'task'
  | 'AdvanceSchedule'
  | 'FollowJobs'
  | 'ProjectSchedules'
  | 'RunBackdating'
  | 'RunBackfill'
  | 'SettleUndelivered'
  | 'StartJobs'
  | 'Sweep';

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
  /** Whether its fire times up to its first instant are backfilled then. */
  readonly isBackfilled?: true;
  /** For how many days its policy keeps results from its first instant on, for jobs that are there, too. */
  readonly backdatedToDays?: number;
  /** Whether EventBridge forgets its schedule a second before the first firing, and tells nobody. */
  readonly isForgotten?: true;
  /**
   * Where all acts have to do with the same few invocations: how long before the first firing they are defined, and how far apart they fire
   * that are played apart. Absent: {@link DEFAULT_PACE}.
   */
  readonly pace?: Pace;
  /** For how long from the first firing on calls are disturbed; absent: from the definition to the end. */
  readonly disturbedForSeconds?: number;
  /** When its jobs fire, in seconds from the first. */
  readonly firings: readonly number[];
  /** What goes wrong in every play of it, calm ones too. */
  readonly given?: readonly (Omit<Fault, 'caller' | 'about'> & { readonly actor: Actor })[];
  /** Whether it is run by hand in the end, when nothing that is left behind may keep that job from running. */
  readonly isRunAfterwards?: true;
  /** Whether its schedule has a metric, which each result has a number for. */
  readonly isMeasured?: true;
  /** Whether its jobs expire before anyone looks, so that none may be there. */
  readonly isExpired?: true;
  /** How a job may end where one of its calls was killed or failed for good; with a calm play's end, that is. */
  readonly outcomes: readonly Outcome[];
}

/** How acts of a scenario follow each other. */
export interface Pace {
  readonly beforeSeconds: number;
  readonly apartSeconds: number;
}

/** Longer than any near fire time; and a prime, so that what follows one act does not meet what follows another. */
export const DEFAULT_PACE: Pace = { beforeSeconds: 900, apartSeconds: 37 };
