import * as z from 'zod';

/*
 * The members of the service's requests, with the constraints of its model.
 * See https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */

const NAME_PATTERN = /^[0-9a-zA-Z-_.]+$/;
const TOKEN_PATTERN = /^[a-zA-Z0-9-_]+$/;
const ROLE_PATTERN = /^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const QUEUE_PATTERN = /^arn:aws(-[a-z]+)?:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9\-_]+$/;
const KEY_PATTERN = /^arn:aws(-[a-z]+)?:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[0-9a-zA-Z-_]*$/;
const TAGGABLE_PATTERN =
  /^arn:aws(-[a-z]+)?:scheduler:[a-z0-9-]+:\d{12}:schedule-group\/[0-9a-zA-Z-_.]+$/;

const NameMember = z.string().min(1).max(64).regex(NAME_PATTERN);
const ClientTokenMember = z.string().min(1).max(64).regex(TOKEN_PATTERN);
const StateMember = z.enum(['ENABLED', 'DISABLED']);

const RetryPolicyMember = z.object({
  MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
  MaximumRetryAttempts: z.int().min(0).max(185).optional(),
});

const TargetMember = z.object({
  Arn: z.string().min(1).max(1600),
  RoleArn: z.string().min(1).max(1600).regex(ROLE_PATTERN),
  Input: z.string().min(1).optional(),
  RetryPolicy: RetryPolicyMember.optional(),
  DeadLetterConfig: z
    .object({ Arn: z.string().min(1).max(1600).regex(QUEUE_PATTERN).optional() })
    .optional(),
  SqsParameters: z.object({ MessageGroupId: z.string().min(1).max(128).optional() }).optional(),
  // Parameters of targets that this cloud does not reach: known, so that they are refused and not overlooked.
  EcsParameters: z.unknown().optional(),
  EventBridgeParameters: z.unknown().optional(),
  KinesisParameters: z.unknown().optional(),
  SageMakerPipelineParameters: z.unknown().optional(),
});

/** The target of a schedule as a request gives it. */
export type TargetMembers = z.infer<typeof TargetMember>;

/** What CreateSchedule and UpdateSchedule take, dates in epoch seconds with a fraction. */
export const ScheduleMembers = z.object({
  Name: NameMember,
  GroupName: NameMember.optional(),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).optional(),
  ClientToken: ClientTokenMember.optional(),
  Description: z.string().max(512).optional(),
  EndDate: z.number().optional(),
  FlexibleTimeWindow: z.object({
    Mode: z.enum(['OFF', 'FLEXIBLE']),
    MaximumWindowInMinutes: z.int().min(1).max(1440).optional(),
  }),
  KmsKeyArn: z.string().min(1).max(2048).regex(KEY_PATTERN).optional(),
  ScheduleExpression: z.string().min(1).max(256),
  ScheduleExpressionTimezone: z.string().min(1).max(50).optional(),
  StartDate: z.number().optional(),
  State: StateMember.optional(),
  Target: TargetMember,
});

/** A request for a schedule whose members keep to their constraints. */
export type ScheduleRequest = z.infer<typeof ScheduleMembers>;

/** What names one schedule. */
export const ScheduleKeyMembers = z.object({
  Name: NameMember,
  GroupName: NameMember.optional(),
  ClientToken: ClientTokenMember.optional(),
});

const PageMembers = {
  NamePrefix: NameMember.optional(),
  NextToken: z.string().min(1).max(2048).optional(),
  MaxResults: z.int().min(1).max(100).optional(),
};

/** What ListSchedules takes. */
export const ListSchedulesMembers = z.object({
  ...PageMembers,
  GroupName: NameMember.optional(),
  State: StateMember.optional(),
});

/** What ListScheduleGroups takes. */
export const ListGroupsMembers = z.object(PageMembers);

/** One label of a schedule group. */
export const TagMember = z.object({
  Key: z.string().min(1).max(128),
  Value: z.string().min(1).max(256),
});

/** A label of a schedule group. */
export type Tag = z.infer<typeof TagMember>;

/** What CreateScheduleGroup takes, and as far as they have it, its siblings. */
export const GroupMembers = z.object({
  Name: NameMember,
  ClientToken: ClientTokenMember.optional(),
  Tags: z.array(TagMember).max(200).optional(),
});

const ResourceArnMember = z.string().min(1).max(1011).regex(TAGGABLE_PATTERN);

/** What ListTagsForResource takes. */
export const TaggedMembers = z.object({ ResourceArn: ResourceArnMember });

/** What TagResource takes. */
export const TagMembers = z.object({
  ResourceArn: ResourceArnMember,
  Tags: z.array(TagMember).max(200),
});

/** What UntagResource takes. */
export const UntagMembers = z.object({
  ResourceArn: ResourceArnMember,
  TagKeys: z.array(z.string().min(1).max(128)).max(200),
});
