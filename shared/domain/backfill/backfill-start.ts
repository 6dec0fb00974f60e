import type { Backfill, OpenFiring } from '#shared/domain/backfill/backfill.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Start } from '#shared/domain/job/start.ts';
import { startOf } from '#shared/domain/schedule/due-starts.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';

/**
 * Makes the start of one job of a backfill, as the schedule is now.
 *
 * It has a `deliverBy` of its own, as someone asked for it: it is run whatever a pause or `misfireGraceTime` say of its fire time.
 */
export function backfillStart(
  definition: ScheduleDefinition,
  { overlap }: Pick<Backfill, 'overlap'>,
  { fireTime, deliverBy }: OpenFiring,
): Start {
  const start = startOf(definition, toIso(fireTime));
  return {
    ...start,
    deliverBy: toIso(deliverBy),
    policy: { ...start.policy, ...(overlap !== undefined && { overlap }) },
  };
}
