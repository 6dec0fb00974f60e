import type { CreateScheduleCommandInput, GetScheduleOutput } from '@aws-sdk/client-scheduler';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

type Copy = CreateScheduleCommandInput | GetScheduleOutput;

/** All that Almanac says of a schedule, but when it begins; by AWS's names. */
const FIELDS: Readonly<Record<string, (copy: Copy) => unknown>> = {
  ScheduleExpression: (copy) => copy.ScheduleExpression,
  ScheduleExpressionTimezone: (copy) => copy.ScheduleExpressionTimezone,
  EndDate: (copy) => copy.EndDate?.getTime(),
  State: (copy) => copy.State,
  FlexibleTimeWindow: (copy) => copy.FlexibleTimeWindow?.Mode,
  ActionAfterCompletion: (copy) => copy.ActionAfterCompletion,
  'Target.Arn': ({ Target }) => Target?.Arn,
  'Target.RoleArn': ({ Target }) => Target?.RoleArn,
  'Target.Input': ({ Target }) => Target?.Input,
  'Target.DeadLetterConfig': ({ Target }) => Target?.DeadLetterConfig?.Arn,
  'Target.RetryPolicy.MaximumEventAgeInSeconds': ({ Target }) =>
    Target?.RetryPolicy?.MaximumEventAgeInSeconds,
  'Target.RetryPolicy.MaximumRetryAttempts': ({ Target }) =>
    Target?.RetryPolicy?.MaximumRetryAttempts,
};

/**
 * Finds in which fields a copy of EventBridge is not as it was to be made.
 *
 * A start date that has passed says nothing any more, so it may be there or not; one that is to come must be as expected.
 *
 * @returns AWS's names of the fields, in a fixed order; none where the copies are equal.
 */
export function copyDifferences(
  expected: CreateScheduleCommandInput,
  found: GetScheduleOutput,
  now: EpochSeconds,
): readonly string[] {
  const different = Object.entries(FIELDS)
    .filter(([, read]) => read(expected) !== read(found))
    .map(([name]) => name);
  return isSameStart(expected.StartDate, found.StartDate, now)
    ? different
    : ['StartDate', ...different];
}

function isSameStart(expected: Date | undefined, found: Date | undefined, now: EpochSeconds) {
  if (expected) return expected.getTime() === found?.getTime();
  return found === undefined || found.getTime() <= now * 1000;
}
