import { Logger } from '@aws-lambda-powertools/logger';

/** Writes a function's log as JSON lines. Inputs and results never go into it. */
export const logger = new Logger({ serviceName: 'almanac' });
