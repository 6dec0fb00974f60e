/** The variables that this function is deployed with: the stack sets these, and no others. */
export const ENVIRONMENT = [
  'SCHEDULES_TABLE',
  'JOBS_TABLE',
  'USAGE_TABLE',
  'PAYLOAD_BUCKET',
  'STARTS_QUEUE_URL',
  'SCHEDULE_GROUP',
  'SCHEDULER_ROLE_ARN',
  'TASK_FUNCTION_ARN_PREFIX',
  'ADVANCE_FUNCTION_ARN',
  'UNDELIVERED_QUEUE_ARN',
  'STACK_NAME',
] as const;
