/** The variables that every task's function is deployed with: the stack sets these, and no others. */
export const ENVIRONMENT = [
  'JOBS_TABLE',
  'SCHEDULES_TABLE',
  'PAYLOAD_BUCKET',
  'STARTS_QUEUE_URL',
  'TASK_ID',
] as const;
