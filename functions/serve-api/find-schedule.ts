import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import type { StoredSchedule } from '#shared/domain/schedule/schedule.ts';
import type { ScheduleStore } from '#shared/ports/schedule-store.ts';

/**
 * Finds a schedule by the id in an address; one that was deleted is not found, though its tombstone may be there.
 *
 * @throws {AlmanacError} `schedule.not-found`, also for what cannot be an id
 */
export async function findSchedule(
  scheduleId: string,
  schedules: Pick<ScheduleStore, 'read'>,
): Promise<StoredSchedule> {
  const { definition, state } = ID_PATTERN.test(scheduleId) ? await schedules.read(scheduleId) : {};
  if (definition && state && state.deletedAt === undefined) return { definition, state };
  throw new AlmanacError(
    'schedule.not-found',
    `Expected a schedule \`${scheduleId.slice(0, 64)}\`, got none.`,
  );
}
