import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import { isLeftOut, type PauseState } from '#shared/domain/schedule/pause.ts';

/** Whether a schedule wants to be fired, as its row says. `absent`: deleted so long ago that its tombstone has left. */
export type ScheduleStatus =
  | { readonly kind: 'active' }
  /** Of some of its fire times a pause says that they are left out. */
  | ({ readonly kind: 'paused' } & PauseState)
  /** Perhaps while it was paused. */
  | ({ readonly kind: 'deleted'; readonly at: EpochSeconds } & PauseState)
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
      return isLeftOut(status, fireTime) ? PAUSED : undefined;
    case 'deleted':
      if (isLeftOut(status, fireTime)) return PAUSED;
      return status.at <= fireTime ? DELETED : undefined;
    case 'absent':
      return DELETED;
  }
}

/** The error of a job whose fire time a pause leaves out. */
export const PAUSED: JobError = {
  name: 'SchedulePaused',
  message: 'The schedule was paused at this fire time.',
};

const DELETED: JobError = {
  name: 'ScheduleDeleted',
  message: 'The schedule had been deleted before this fire time.',
};
