import type { Credentials } from '#local/iam/callers.ts';
import { LATEST, type LambdaFunction } from '#local/services/lambda/lambda-function.ts';

/** What a new execution environment's variables are made from. */
export interface EnvironmentFacts {
  readonly credentials: Credentials;
  readonly region: string;
  /** The Runtime API's `host:port`. */
  readonly runtimeApi: string;
  readonly logStream: string;
  /** The time for the code that runs while modules load. */
  readonly clock: { readonly nowMs: number; readonly rate: number };
  /** Variables that every function gets: the local services' endpoint URLs. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** This machine's own; nothing else of its environment is passed on. */
  readonly path: string;
}

/**
 * Names that a template may not set.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const RESERVED_VARIABLES: readonly string[] = [
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
];

/** Gives a process the variables that the code would find on AWS, with the local endpoints beside them. */
export function environmentVariables(
  definition: LambdaFunction,
  facts: EnvironmentFacts,
): Record<string, string> {
  const { credentials, region, clock } = facts;
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: facts.path,
    // Without it the SDK would look for settings in the real user's home; this one does not exist.
    HOME: '/home/sbx_user1051',
    ...definition.variables,
    ...facts.endpoints,
    _HANDLER: definition.handler,
    LAMBDA_TASK_ROOT: definition.codeFolder,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    AWS_LAMBDA_RUNTIME_API: facts.runtimeApi,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: LATEST,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logging.group,
    AWS_LAMBDA_LOG_STREAM_NAME: facts.logStream,
    AWS_LAMBDA_LOG_FORMAT: definition.logging.format,
    ...(definition.logging.applicationLevel !== undefined && {
      AWS_LAMBDA_LOG_LEVEL: definition.logging.applicationLevel,
    }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    ALMANAC_CLOCK_MS: String(clock.nowMs),
    ALMANAC_CLOCK_RATE: String(clock.rate),
  };
}
