/** The variables that this function is deployed with: the stack sets these, and no others. */
export const ENVIRONMENT = [
  'SCHEDULES_TABLE',
  'STARTS_QUEUE_URL',
  'TASK_FUNCTION_ARN_PREFIX',
  'ADVANCE_FUNCTION_ARN',
  'AUDIT_FUNCTION_ARN',
  'BACKDATING_FUNCTION_ARN',
  'BACKFILL_FUNCTION_ARN',
] as const;

/** Those that are set besides, where the stack adopts tasks. */
export const WHERE_TASKS_ARE_ADOPTED = ['ADOPTED_TASKS', 'JOBS_TABLE'] as const;
