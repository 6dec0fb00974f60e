import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ProjectedSchedule } from '#shared/domain/schedule/decide-projection.ts';

/** EventBridge's copies of our schedules, to be looked at. */
export interface EventBridgeCopies {
  /**
   * Finds in what EventBridge's copy of a schedule is not as it should be.
   *
   * @param expected - What it should hold by now; `undefined`: no copy.
   * @returns The names of AWS's fields, as `Target.Input`; `missing` or `present` where there should be a copy, or none.
   * @throws where EventBridge does not answer.
   */
  differences(
    name: string,
    expected: ProjectedSchedule | undefined,
    now: EpochSeconds,
  ): Promise<readonly string[]>;
}
