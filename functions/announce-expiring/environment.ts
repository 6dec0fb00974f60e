/** The variables that this function is deployed with: the stack sets these, and no others. */
export const ENVIRONMENT = ['JOBS_TABLE', 'USAGE_TABLE', 'EVENT_BUS_ARN'] as const;
