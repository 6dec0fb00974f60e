import * as z from 'zod';
import {
  DEFAULT_EVENT_INVOKE_CONFIG,
  type EventInvokeConfig,
} from '#local/services/lambda/async-decision.ts';
import { findFunction } from '#local/services/lambda/find-function.ts';
import { LATEST, type LambdaFunction } from '#local/services/lambda/lambda-function.ts';
import { queueDestination } from '#local/services/lambda/queue-destination.ts';
import { type ResourceType, resourceType } from '#local/template/resource-type.ts';

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const properties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal(LATEST),
  MaximumRetryAttempts: z
    .int()
    .min(0)
    .max(2)
    .default(DEFAULT_EVENT_INVOKE_CONFIG.maximumRetryAttempts),
  MaximumEventAgeInSeconds: z
    .int()
    .min(60)
    .max(21_600)
    .default(DEFAULT_EVENT_INVOKE_CONFIG.maximumEventAgeSeconds),
  DestinationConfig: z
    .strictObject({
      OnFailure: queueDestination.optional(),
      OnSuccess: queueDestination.optional(),
    })
    .optional(),
});

/** Takes how functions treat asynchronous events into the given map, by function name. */
export function eventInvokeConfigResource(context: {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly configs: Map<string, EventInvokeConfig>;
}): ResourceType {
  return resourceType({
    type: 'AWS::Lambda::EventInvokeConfig',
    properties,
    inert: {},
    identify: ({ stackName, logicalId }) => ({ ref: `${stackName}-${logicalId}`, attributes: {} }),
    create: (given) => {
      context.configs.set(findFunction(context.functions, given.FunctionName).name, {
        maximumRetryAttempts: given.MaximumRetryAttempts,
        maximumEventAgeSeconds: given.MaximumEventAgeInSeconds,
        onFailure: given.DestinationConfig?.OnFailure?.Destination,
        onSuccess: given.DestinationConfig?.OnSuccess?.Destination,
      });
    },
  });
}
