import {
  type Backdating,
  LATE_STARTS_SECONDS,
  NOTHING_LOOKED_AT,
} from '#shared/domain/backdating/backdating.ts';
import { allPlaces } from '#shared/domain/backdating/places.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { keepLastOf } from '#shared/domain/result/keep-last.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { startPolicyOf } from '#shared/domain/schedule/schedule-policy.ts';
import type { ErrandStore } from '#shared/ports/errand-store.ts';
import type { StartQueue } from '#shared/ports/start-queue.ts';
import { beginErrand, newErrand } from './begin-errand.ts';

/** What asking for a backdating takes. */
export interface RequestBackdatingPorts {
  readonly backdatings: Pick<ErrandStore<Backdating>, 'create'>;
  readonly queue: StartQueue;
}

/** Whose policies are applied to its jobs, who asks for it, and when. */
export interface BackdatingRequest {
  readonly definition: ScheduleDefinition;
  readonly by: string;
  readonly note?: string;
  readonly now: EpochSeconds;
}

/**
 * Writes a backdating by a schedule's policies as they are, and has it begun. One that is running is for its first step to supersede.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export function requestBackdating(
  { definition, by, note, now }: BackdatingRequest,
  { backdatings, queue }: RequestBackdatingPorts,
): Promise<Backdating> {
  const { scheduleId, revision } = definition;
  const policy = startPolicyOf(definition.policy);
  const backdating: Backdating = {
    ...newErrand({ scheduleId, by, note, now }),
    policy,
    revision,
    to: now + LATE_STARTS_SECONDS,
    places: allPlaces(keepLastOf(policy)),
    counts: NOTHING_LOOKED_AT,
  };
  return beginErrand('backdating', backdating, { errands: backdatings, queue });
}
