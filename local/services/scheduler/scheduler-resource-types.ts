import * as z from 'zod';
import { ensureGroup } from '#local/services/scheduler/group-operations.ts';
import { TagMember } from '#local/services/scheduler/schedule-members.ts';
import { ensureSchedule } from '#local/services/scheduler/schedule-operations.ts';
import { DEFAULT_GROUP } from '#local/services/scheduler/scheduler-arns.ts';
import type { SchedulerContext } from '#local/services/scheduler/scheduler-context.ts';
import {
  type NamingScope,
  type ResourceType,
  resourceType,
} from '#local/template/resource-type.ts';

const MAX_NAME_LENGTH = 64;

/** CloudFormation's handler wants the milliseconds of a date. */
const CloudFormationDate = z.iso.datetime({ precision: 3 });

const ScheduleProperties = z.strictObject({
  Name: z.string().optional(),
  GroupName: z.string().optional(),
  Description: z.string().optional(),
  StartDate: CloudFormationDate.optional(),
  EndDate: CloudFormationDate.optional(),
  FlexibleTimeWindow: z.unknown(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().optional(),
  State: z.string().optional(),
  Target: z.unknown(),
});

/**
 * Gives the CloudFormation types of the service.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_Scheduler.html
 */
export function schedulerResourceTypes(context: SchedulerContext): readonly ResourceType[] {
  const { arns } = context;
  return [
    resourceType({
      type: 'AWS::Scheduler::ScheduleGroup',
      properties: z.strictObject({
        Name: z.string().optional(),
        Tags: z.array(TagMember).optional(),
      }),
      inert: {},
      identify: (scope) => {
        const name = physicalName(scope);
        return { ref: name, attributes: { Arn: arns.group(name), State: 'ACTIVE' } };
      },
      create: ({ Tags = [] }, { ref }) => ensureGroup({ name: ref, tags: Tags }, context),
    }),
    resourceType({
      type: 'AWS::Scheduler::Schedule',
      properties: ScheduleProperties,
      inert: { KmsKeyArn: 'Nothing is encrypted on this machine.' },
      identify: (scope) => {
        const name = physicalName(scope);
        const group = scope.property('GroupName') ?? DEFAULT_GROUP;
        return { ref: name, attributes: { Arn: arns.schedule(group, name) } };
      },
      create: (properties, { ref }) =>
        ensureSchedule(
          {
            ...properties,
            Name: ref,
            StartDate: epochSeconds(properties.StartDate),
            EndDate: epochSeconds(properties.EndDate),
          },
          context,
        ),
    }),
  ];
}

function physicalName(scope: NamingScope): string {
  const generated = `${scope.stackName}-${scope.logicalId}`.slice(0, MAX_NAME_LENGTH);
  return scope.property('Name') ?? generated;
}

function epochSeconds(date: string | undefined): number | undefined {
  return date === undefined ? undefined : Date.parse(date) / 1000;
}
