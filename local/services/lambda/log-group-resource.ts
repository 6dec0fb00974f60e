import * as z from 'zod';
import { type ResourceType, resourceType } from '#local/template/resource-type.ts';

/** Takes a log group, which is a name here: what functions write goes to the local cloud's own log. */
export function logGroupResource(): ResourceType {
  return resourceType({
    type: 'AWS::Logs::LogGroup',
    properties: z.strictObject({ LogGroupName: z.string().optional() }),
    inert: {
      RetentionInDays: 'Logs are not kept here.',
      Tags: 'Nothing here is searched or billed by tags.',
    },
    identify: ({ stackName, logicalId, region, account, property }) => {
      const name = property('LogGroupName') ?? `${stackName}-${logicalId}`;
      return {
        ref: name,
        attributes: { Arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*` },
      };
    },
    create: () => {},
  });
}
