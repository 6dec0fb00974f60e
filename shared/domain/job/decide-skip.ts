import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobError } from '#shared/domain/job/job.ts';

/** Whether a schedule wants to be fired, as its row says. `absent`: deleted so long ago that its tombstone has left. */
export type ScheduleStatus =
  | { readonly kind: 'active' }
  | { readonly kind: 'paused'; readonly since: EpochSeconds }
  | { readonly kind: 'deleted'; readonly at: EpochSeconds }
  | { readonly kind: 'absent' };

/**
 * Decides whether a late firing is left out, since its schedule had been deleted or paused by its fire time.
 *
 * @returns Why it is left out, or `undefined` where it is run.
 */
export function decideSkip(status: ScheduleStatus, fireTime: EpochSeconds): JobError | undefined {
  switch (status.kind) {
    case 'active':
      return undefined;
    case 'paused':
      return status.since <= fireTime
        ? { name: 'SchedulePaused', message: 'The schedule had been paused before this fire time.' }
        : undefined;
    case 'deleted':
      return status.at <= fireTime ? DELETED : undefined;
    case 'absent':
      return DELETED;
  }
}

const DELETED: JobError = {
  name: 'ScheduleDeleted',
  message: 'The schedule had been deleted before this fire time.',
};
