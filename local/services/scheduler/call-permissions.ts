import type { Permission } from '#local/iam/caller.ts';
import type { SchedulerCall } from '#local/services/scheduler/read-call.ts';
import { DEFAULT_GROUP, type SchedulerArns } from '#local/services/scheduler/scheduler-arns.ts';

/**
 * Lists what a call needs.
 *
 * The lists have no resource of their own; AWS was seen to check them against the ARN of any schedule, and of any group.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 * @see https://github.com/aws/aws-cdk/issues/38201
 */
export function callPermissions(
  { operation, members }: SchedulerCall,
  arns: SchedulerArns,
): readonly Permission[] {
  const action = `scheduler:${operation}`;
  const name = text(members['Name']) ?? '';
  const schedule = arns.schedule(text(members['GroupName']) ?? DEFAULT_GROUP, name);
  const group = arns.group(name);
  switch (operation) {
    case 'CreateSchedule':
    case 'UpdateSchedule':
      return [{ action, resource: schedule }, ...passRole(members['Target'])];
    case 'GetSchedule':
    case 'DeleteSchedule':
      return [{ action, resource: schedule }];
    case 'ListSchedules':
      return [{ action, resource: arns.schedule('*', '*') }];
    case 'CreateScheduleGroup': {
      const tags = Array.isArray(members['Tags']) && members['Tags'].length > 0;
      const tagging = { action: 'scheduler:TagResource', resource: group };
      return [{ action, resource: group }, ...(tags ? [tagging] : [])];
    }
    case 'DeleteScheduleGroup':
      return [
        { action, resource: group },
        { action: 'scheduler:DeleteSchedule', resource: arns.schedule(name, '*') },
      ];
    case 'GetScheduleGroup':
      return [{ action, resource: group }];
    case 'ListScheduleGroups':
      return [{ action, resource: arns.group('*') }];
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsForResource':
      return [{ action, resource: text(members['ResourceArn']) ?? '' }];
  }
}

function passRole(target: unknown): readonly Permission[] {
  const isObject = typeof target === 'object' && target !== null;
  const roleArn = isObject ? text(Reflect.get(target, 'RoleArn')) : undefined;
  if (roleArn === undefined) return [];
  const context = { 'iam:PassedToService': 'scheduler.amazonaws.com' };
  return [{ action: 'iam:PassRole', resource: roleArn, context }];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
