import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** How the rows of a schedule's regular firings stand, by fire time; a fire time without a row is not among them. */
export type JobStandings = ReadonlyMap<EpochSeconds, 'open' | 'settled'>;

/** Looks at how the jobs of many fire times stand, without reading what they returned. */
export interface JobStandingReader {
  /**
   * Looks at the jobs of a span strongly, by five answers of the table at most.
   *
   * @param span - Both ends included.
   * @returns Up to and including which instant these are all.
   * @throws {AlmanacError} `store.unavailable`.
   */
  between(
    scheduleId: string,
    span: { readonly from: EpochSeconds; readonly to: EpochSeconds },
  ): Promise<{ readonly standings: JobStandings; readonly to: EpochSeconds }>;
  /**
   * Looks at the jobs of some fire times strongly.
   *
   * @throws {AlmanacError} `store.unavailable`.
   */
  of(scheduleId: string, fireTimes: readonly EpochSeconds[]): Promise<JobStandings>;
}
