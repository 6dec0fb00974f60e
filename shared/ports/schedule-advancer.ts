import type { Advance } from '#shared/domain/schedule/advance.ts';

/** Hands the word that a planned schedule's fire time has come to whom it concerns. */
export interface ScheduleAdvancer {
  /**
   * Gives it to `advance-schedule`, which takes it up later.
   *
   * @throws the service's error where it does not take it, so that the queue delivers it again.
   */
  invoke(advance: Advance): Promise<void>;
}
