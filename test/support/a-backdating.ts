import { encodeTime } from 'ulid';
import {
  type Backdating,
  LATE_STARTS_SECONDS,
  NOTHING_LOOKED_AT,
} from '#shared/domain/backdating/backdating.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

/** Builds a backdating of `daily-sales`, to a week for each result, asked for a minute after {@link FIRE_TIME}, of which nothing is done. */
export function aBackdating(changes: Partial<Backdating> = {}): Backdating {
  const createdAt = FIRE_TIME + 60;
  return {
    scheduleId: 'daily-sales',
    errandId: `${encodeTime(createdAt * 1_000)}${'0'.repeat(16)}`,
    state: 'running',
    by: 'arn:aws:iam::000000000000:user/ada',
    createdAt,
    policy: { resultExpirationTime: 604_800 },
    revision: 2,
    to: createdAt + LATE_STARTS_SECONDS,
    places: { last: 0, success: false },
    counts: NOTHING_LOOKED_AT,
    waitSeconds: 0,
    version: 1,
    writtenBy: 'arn:aws:iam::000000000000:user/ada',
    ...changes,
  };
}
