/** The variables that this function is deployed with: the stack sets these, and no others. */
export const ENVIRONMENT = [
  'SCHEDULES_TABLE',
  'STARTS_QUEUE_URL',
  'TASK_FUNCTION_ARN_PREFIX',
  'ADVANCE_FUNCTION_ARN',
] as const;
