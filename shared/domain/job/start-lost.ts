import type { JobError } from '#shared/domain/job/job.ts';

/** The error of a job that no start has reached, where nothing tells why. */
export const START_LOST: JobError = {
  name: 'StartLost',
  message: 'No start of it has arrived, and none was reported as undelivered.',
};
