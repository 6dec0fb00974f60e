import { isSettle } from '#shared/adapters/dynamodb/is-settle.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import { fromIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import type { JobMeasure } from '#shared/domain/job/measure-jobs.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';

/**
 * Reads what a record of the Jobs stream has to measure.
 *
 * @returns `undefined` for a change that is not the settling of a job.
 */
export function readMeasure(change: StreamChange): JobMeasure | undefined {
  const { newItem } = change;
  if (newItem === undefined || !isSettle(change)) return undefined;
  const { task, outcome, scheduleId, fireTime } = newItem;
  const known = OUTCOMES.find((one) => one === outcome);
  if (known === undefined || typeof task !== 'string') return undefined;
  const key = { scheduleId: String(scheduleId), fireTime: String(fireTime) };
  const begunAt = fromIso(firstStart(newItem) ?? '');
  return {
    task,
    outcome: known,
    ...(begunAt !== undefined && { latenessMs: Math.max(begunAt - fireTimeOf(key), 0) * 1_000 }),
  };
}

/** Of a job that was tried more than five times the row knows the first attempt no longer. */
function firstStart(item: Readonly<Record<string, unknown>>): string | undefined {
  const { attempt, attempts, startedAt } = item;
  const [first]: readonly unknown[] = Array.isArray(attempts) ? attempts : [];
  const of: Readonly<Record<string, unknown>> = Object(
    attempt === 1 ? { attempt, startedAt } : first,
  );
  return of['attempt'] === 1 && typeof of['startedAt'] === 'string' ? of['startedAt'] : undefined;
}
