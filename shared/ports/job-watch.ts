import type { ClaimedJob } from '#shared/domain/job/settlement.ts';

/** How a running attempt stands with the world: wanted; to be ended as someone asked; or not its job's any more. */
export type AttemptStanding = 'wanted' | 'cancelled' | 'taken';

/** Looks after a job while it runs. */
export interface JobWatch {
  /**
   * Reads the row strongly: a read unit for each 4 KB of it.
   *
   * @throws {AlmanacError} `store.unavailable`.
   */
  look(job: ClaimedJob): Promise<AttemptStanding>;
}
