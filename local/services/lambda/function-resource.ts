import * as z from 'zod';
import type { Clock } from '#local/clock.ts';
import { RESERVED_VARIABLES } from '#local/services/lambda/environment-variables.ts';
import type { LambdaFunction } from '#local/services/lambda/lambda-function.ts';
import { type ResourceType, resourceType } from '#local/template/resource-type.ts';

const properties = z.strictObject({
  FunctionName: z.string().optional(),
  Description: z.string().default(''),
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Runtime: z.literal('nodejs24.x'),
  Handler: z.string(),
  Role: z.string(),
  Architectures: z
    .array(z.enum(['arm64', 'x86_64']))
    .length(1)
    .default(['x86_64']),
  Environment: z
    .strictObject({
      Variables: z
        .record(z.string(), z.string())
        .refine(
          (variables) => RESERVED_VARIABLES.every((name) => !Object.hasOwn(variables, name)),
          'Expected no variable of a name that Lambda reserves.',
        ),
    })
    .optional(),
  Timeout: z.int().min(1).max(900).default(3),
  MemorySize: z.int().min(128).max(10_240).default(128),
  EphemeralStorage: z.strictObject({ Size: z.int() }).default({ Size: 512 }),
  ReservedConcurrentExecutions: z.int().min(0).optional(),
  LoggingConfig: z
    .strictObject({
      LogGroup: z.string().optional(),
      LogFormat: z.enum(['JSON', 'Text']).default('Text'),
      ApplicationLogLevel: z.string().optional(),
    })
    .optional(),
});

/** Lambda's own bound. See https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const MAX_NAME_CHARACTERS = 64;

/** Takes functions of the template into the given map. */
export function functionResource(context: {
  readonly functions: Map<string, LambdaFunction>;
  readonly assets: (s3Key: string) => string;
  readonly clock: Clock;
}): ResourceType {
  return resourceType({
    type: 'AWS::Lambda::Function',
    properties,
    inert: {
      Tags: 'Nothing here is searched or billed by tags.',
      TracingConfig: 'Nothing here takes traces.',
      RecursiveLoop: 'Loops are not detected here.',
      'LoggingConfig.SystemLogLevel': "Lambda's own lines are always written here.",
    },
    identify: ({ stackName, logicalId, region, account, property }) => {
      const name =
        property('FunctionName') ?? `${stackName}-${logicalId}`.slice(0, MAX_NAME_CHARACTERS);
      const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
      return { ref: name, attributes: { Arn: arn } };
    },
    create: (given, identity) => {
      const name = identity.ref;
      if (context.functions.has(name))
        throw new Error(`Expected the function name ${name} to be taken once.`);
      context.functions.set(name, {
        name,
        arn: identity.attributes['Arn'] ?? '',
        roleArn: given.Role,
        description: given.Description,
        handler: given.Handler,
        codeFolder: context.assets(given.Code.S3Key),
        runtime: given.Runtime,
        architecture: given.Architectures[0] ?? 'x86_64',
        timeoutSeconds: given.Timeout,
        memoryMb: given.MemorySize,
        ephemeralStorageMb: given.EphemeralStorage.Size,
        variables: given.Environment?.Variables ?? {},
        reservedConcurrency: given.ReservedConcurrentExecutions,
        logging: {
          group: given.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
          format: given.LoggingConfig?.LogFormat ?? 'Text',
          applicationLevel: given.LoggingConfig?.ApplicationLogLevel,
        },
        createdAtMs: context.clock.nowMs(),
      });
    },
  });
}
