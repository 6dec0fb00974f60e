import type { BackfillMessage } from '#shared/domain/backfill/backfill.ts';

/** Hands the word that a backfill has a step to do to whom it concerns. */
export interface BackfillRunner {
  /**
   * Gives it to `run-backfill`, which takes it up later.
   *
   * @throws the service's error where it does not take it, so that the queue delivers it again.
   */
  invoke(message: BackfillMessage): Promise<void>;
}
