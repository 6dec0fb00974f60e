import { addObject, NO_WEIGHT, type Weight } from '#shared/domain/audit/weight.ts';

/** What one schedule's results of one lifecycle class take. */
export interface ScheduleWeight extends Weight {
  readonly scheduleId: string;
  /** As `7d`. */
  readonly class: string;
}

/** So many are named in a report. */
export const MOST_RANKED = 20;

/**
 * Adds an object to the schedules that take most room, of objects that come in the order of their keys.
 *
 * In that order all objects of one class and schedule come together. So the first of the list is the one that is being added up, whatever
 * it takes yet, and the others are the largest of those before: exact, and never more than {@link MOST_RANKED} and one.
 */
export function rankObject(
  ranked: readonly ScheduleWeight[],
  { scheduleId, class: name, bytes }: Omit<ScheduleWeight, 'objects'>,
): readonly ScheduleWeight[] {
  const [present, ...others] = ranked;
  if (present?.scheduleId === scheduleId && present.class === name)
    return [{ ...present, ...addObject(present, bytes) }, ...others];
  return [{ scheduleId, class: name, ...addObject(NO_WEIGHT, bytes) }, ...largestOf(ranked)];
}

/** Lists the largest, largest first. */
export function largestOf(ranked: readonly ScheduleWeight[]): readonly ScheduleWeight[] {
  return ranked.toSorted((one, other) => other.bytes - one.bytes).slice(0, MOST_RANKED);
}
