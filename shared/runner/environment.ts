/** The variables that every task's function is deployed with: the stack sets these, and no others. */
export const ENVIRONMENT = [
  'JOBS_TABLE',
  'SCHEDULES_TABLE',
  'PAYLOAD_BUCKET',
  'STARTS_QUEUE_URL',
  'TASK_ID',
] as const;

/** Set besides on the function of a task whose results may be larger or less large than usual. */
export const MAX_RESULT_BYTES = 'MAX_RESULT_BYTES';

/** The one that is set besides, on the function of a task of which only so many attempts may run at once. */
export const MAX_RUNNING_JOBS = 'MAX_RUNNING_JOBS';
