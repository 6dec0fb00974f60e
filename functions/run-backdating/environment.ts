/** The variables that this function is deployed with: the stack sets these, and no others. */
export const ENVIRONMENT = [
  'SCHEDULES_TABLE',
  'JOBS_TABLE',
  'PAYLOAD_BUCKET',
  'STARTS_QUEUE_URL',
] as const;
