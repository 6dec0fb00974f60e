import * as z from 'zod';
import { findFunction } from '#local/services/lambda/find-function.ts';
import type { LambdaFunction } from '#local/services/lambda/lambda-function.ts';
import { type ResourceType, resourceType } from '#local/template/resource-type.ts';

const WHY_INERT = 'A service that invokes a function in this process is not asked who it is.';

/** Takes a permission on a function, and holds it to naming a function that exists. */
export function permissionResource(functions: ReadonlyMap<string, LambdaFunction>): ResourceType {
  return resourceType({
    type: 'AWS::Lambda::Permission',
    properties: z.strictObject({
      FunctionName: z.string(),
      Action: z.literal('lambda:InvokeFunction'),
    }),
    inert: { Principal: WHY_INERT, SourceArn: WHY_INERT, SourceAccount: WHY_INERT },
    identify: ({ stackName, logicalId }) => ({ ref: `${stackName}-${logicalId}`, attributes: {} }),
    create: ({ FunctionName }) => void findFunction(functions, FunctionName),
  });
}
