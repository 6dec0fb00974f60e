import type { Edge } from '#shared/domain/schedule/edge.ts';

/** Finds which schedules come after another. */
export interface DependentStore {
  /**
   * Lists the edges of a schedule's dependents, strongly: what was written before is there.
   *
   * @throws {AlmanacError} `store.unavailable`.
   */
  list(upstreamId: string): Promise<readonly Edge[]>;
}
