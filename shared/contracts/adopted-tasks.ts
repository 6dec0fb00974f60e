import * as z from 'zod';

/**
 * The variable that names the functions of adopted tasks, where a stack has any: `{"<task id>": "<function ARN>"}` as JSON. The functions
 * of all other tasks have a name made of their id.
 */
export const ADOPTED_TASKS = 'ADOPTED_TASKS';

/** What {@link ADOPTED_TASKS} holds. */
export const adoptedTasks = z.record(z.string(), z.string());

/** The policies that an adopted function cannot have: its runs are not Almanac's to admit, to time or to repeat. */
export const HEEDED_BY_THE_RUNNER = [
  'retry',
  'timeout',
  'maxJitter',
  'misfireGraceTime',
  'overlap',
  'indexes',
  'metrics',
  'metricsExpirationTime',
] as const;

/**
 * So many tasks can be adopted: Lambda bounds all variables of a function together by 4 KB, and an ARN with its id may have 200 bytes.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MOST_ADOPTED_TASKS = 16;
