import type { EventInvokeConfig } from '#local/services/lambda/async-decision.ts';
import { LATEST, type LambdaFunction } from '#local/services/lambda/lambda-function.ts';

/**
 * Words a function's configuration for the wire.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
 */
export function functionConfiguration(definition: LambdaFunction): Record<string, unknown> {
  const { logging } = definition;
  return {
    FunctionName: definition.name,
    FunctionArn: definition.arn,
    Description: definition.description,
    Runtime: definition.runtime,
    Role: definition.roleArn,
    Handler: definition.handler,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMb,
    Architectures: [definition.architecture],
    EphemeralStorage: { Size: definition.ephemeralStorageMb },
    ...(Object.keys(definition.variables).length > 0 && {
      Environment: { Variables: definition.variables },
    }),
    LoggingConfig: {
      LogFormat: logging.format,
      LogGroup: logging.group,
      ...(logging.applicationLevel !== undefined && {
        ApplicationLogLevel: logging.applicationLevel,
      }),
    },
    LastModified: new Date(definition.createdAtMs).toISOString().replace('Z', '+0000'),
    Version: LATEST,
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

/** Words how a function takes asynchronous events for the wire. */
export function eventInvokeConfiguration(
  definition: LambdaFunction,
  config: EventInvokeConfig,
): Record<string, unknown> {
  const { onFailure, onSuccess } = config;
  return {
    FunctionArn: `${definition.arn}:${LATEST}`,
    MaximumRetryAttempts: config.maximumRetryAttempts,
    MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
    DestinationConfig: {
      OnSuccess: onSuccess === undefined ? {} : { Destination: onSuccess },
      OnFailure: onFailure === undefined ? {} : { Destination: onFailure },
    },
    LastModified: definition.createdAtMs / 1000,
  };
}
