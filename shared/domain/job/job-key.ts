import { type EpochSeconds, fromIso, toIso } from '#shared/domain/epoch-seconds.ts';

/** A job's place in the Jobs table, and with it the key that makes a firing happen once. */
export interface JobKey {
  /** The schedule's id; `task:<taskId>` for a job that was submitted directly. */
  readonly scheduleId: string;
  /** `2026-11-23T09:00:00Z`, for manual and direct jobs with `~` and a 26-character suffix behind it. */
  readonly fireTime: string;
}

/** Ids of schedules and tasks, as users choose them. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The sort keys that {@link JobKey.fireTime} can be. */
export const FIRE_TIME_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z(?:~[0-9A-Z]{26})?$/;

const JOB_ID = /^((?:task:)?[A-Za-z0-9][A-Za-z0-9._-]{0,63})@(\d{8}T\d{6}Z)(~[0-9A-Z]{26})?$/;
const BASIC_TIME = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Makes the key of a schedule's regular firing. */
export function jobKeyOf(scheduleId: string, fireTime: EpochSeconds): JobKey {
  return { scheduleId, fireTime: toIso(fireTime) };
}

/** Writes a job's id, as `daily-sales@20261123T090000Z`. */
export function jobId(key: JobKey): string {
  return `${key.scheduleId}@${basicFireTime(key)}`;
}

/** Writes a key's fire time without `-` and `:`, as it stands in ids and object keys. */
export function basicFireTime(key: JobKey): string {
  return key.fireTime.replaceAll(/[-:]/g, '');
}

/**
 * Reads a job's id.
 *
 * @returns The key, or `undefined` for a text that is no job's id, an impossible date included.
 */
export function parseJobId(id: string): JobKey | undefined {
  const [, scheduleId, basic, suffix = ''] = JOB_ID.exec(id) ?? [];
  if (scheduleId === undefined || basic === undefined) return undefined;
  const instant = basic.replace(BASIC_TIME, '$1-$2-$3T$4:$5:$6Z');
  const fireTime = fromIso(instant);
  if (fireTime === undefined || toIso(fireTime) !== instant) return undefined;
  return { scheduleId, fireTime: `${instant}${suffix}` };
}

/** Reads the nominal instant out of a key, without the suffix of manual and direct jobs. */
export function fireTimeOf(key: JobKey): EpochSeconds {
  const fireTime = fromIso(key.fireTime.slice(0, 'YYYY-MM-DDTHH:mm:ssZ'.length));
  if (fireTime === undefined)
    throw new RangeError(`Expected a job key to begin with an instant, got ${key.fireTime}.`);
  return fireTime;
}
