import { checkMembers } from '#local/services/scheduler/check-members.ts';
import { pageOf } from '#local/services/scheduler/page-of.ts';
import {
  GroupMembers,
  ListGroupsMembers,
  type Tag,
  TaggedMembers,
  TagMembers,
  UntagMembers,
} from '#local/services/scheduler/schedule-members.ts';
import type { KeptGroup } from '#local/services/scheduler/schedule-store.ts';
import { DEFAULT_GROUP, type SchedulerArns } from '#local/services/scheduler/scheduler-arns.ts';
import type { SchedulerContext } from '#local/services/scheduler/scheduler-context.ts';
import { invalid, schedulerFault } from '#local/services/scheduler/scheduler-fault.ts';

/** Creates a schedule group. */
export function createScheduleGroup(input: unknown, context: SchedulerContext): unknown {
  const request = checkMembers(GroupMembers, input);
  const { Name, Tags = [], ClientToken } = request;
  refuseDefault(Name);
  const tokened = { subject: `CreateScheduleGroup ${Name}`, token: ClientToken, body: Tags };
  const nowMs = context.clock.nowMs();
  if (context.store.group(Name)) {
    if (context.tokens.isRepeated(tokened, nowMs)) return groupArnOf(Name, context);
    throw schedulerFault('ConflictException', `Schedule group ${Name} already exists.`);
  }
  ensureGroup({ name: Name, tags: Tags }, context);
  context.tokens.remember(tokened, nowMs);
  return groupArnOf(Name, context);
}

/** Makes a group what it should be, whether it exists or not. */
export function ensureGroup(
  { name, tags }: { readonly name: string; readonly tags: readonly Tag[] },
  { store, clock }: SchedulerContext,
): void {
  const nowMs = clock.nowMs();
  const createdMs = store.group(name)?.createdMs ?? nowMs;
  store.putGroup({ name, createdMs, modifiedMs: nowMs, tags: [...tags] });
}

/** Shows a schedule group. */
export function getScheduleGroup(input: unknown, context: SchedulerContext): unknown {
  const { Name } = checkMembers(GroupMembers, input);
  return groupView(existing(Name, context), context.arns);
}

/** Deletes a group and its schedules, at once. On AWS the group is `DELETING` for a while. */
export function deleteScheduleGroup(input: unknown, context: SchedulerContext): unknown {
  const { Name, ClientToken } = checkMembers(GroupMembers, input);
  refuseDefault(Name);
  const tokened = { subject: `DeleteScheduleGroup ${Name}`, token: ClientToken, body: Name };
  const nowMs = context.clock.nowMs();
  if (context.tokens.isRepeated(tokened, nowMs)) return {};
  existing(Name, context);
  for (const [key, { definition }] of context.store.schedules()) {
    if (definition.GroupName !== Name) continue;
    context.store.delete(key);
    context.runner.forget(key);
  }
  context.store.deleteGroup(Name);
  context.tokens.remember(tokened, nowMs);
  return {};
}

/** Lists groups a page at a time, by name. */
export function listScheduleGroups(input: unknown, context: SchedulerContext): unknown {
  const request = checkMembers(ListGroupsMembers, input);
  const { NamePrefix = '' } = request;
  const items = context.store.groups().filter(({ name }) => name.startsWith(NamePrefix));
  const page = pageOf({ items, orderOf: ({ name }) => name, filters: [NamePrefix] }, request);
  return {
    ScheduleGroups: page.items.map((group) => groupView(group, context.arns)),
    NextToken: page.NextToken,
  };
}

/** Adds labels to a group, in place of those with the same keys. */
export function tagResource(input: unknown, context: SchedulerContext): unknown {
  const { ResourceArn, Tags } = checkMembers(TagMembers, input);
  const group = groupOfArn(ResourceArn, context);
  const keys = new Set(Tags.map(({ Key }) => Key));
  const kept = group.tags.filter(({ Key }) => !keys.has(Key));
  return putTags(group, [...kept, ...Tags], context);
}

/** Takes labels off a group. */
export function untagResource(input: unknown, context: SchedulerContext): unknown {
  const { ResourceArn, TagKeys } = checkMembers(UntagMembers, input);
  const group = groupOfArn(ResourceArn, context);
  const kept = group.tags.filter(({ Key }) => !TagKeys.includes(Key));
  return putTags(group, kept, context);
}

/** Shows the labels of a group. */
export function listTagsForResource(input: unknown, context: SchedulerContext): unknown {
  const { ResourceArn } = checkMembers(TaggedMembers, input);
  return { Tags: groupOfArn(ResourceArn, context).tags };
}

function putTags(group: KeptGroup, tags: readonly Tag[], { store }: SchedulerContext): unknown {
  store.putGroup({ ...group, tags: [...tags] });
  return {};
}

function refuseDefault(name: string): void {
  if (name === DEFAULT_GROUP)
    throw invalid(`This operation cannot be performed on schedule group ${DEFAULT_GROUP}.`);
}

function existing(name: string, { store }: SchedulerContext): KeptGroup {
  const group = store.group(name);
  if (!group)
    throw schedulerFault('ResourceNotFoundException', `Schedule group ${name} does not exist.`);
  return group;
}

function groupOfArn(arn: string, context: SchedulerContext): KeptGroup {
  const name = arn.slice(arn.indexOf('/') + 1);
  if (arn !== context.arns.group(name))
    throw schedulerFault('ResourceNotFoundException', `Resource ${arn} does not exist.`);
  return existing(name, context);
}

function groupArnOf(name: string, { arns }: SchedulerContext): unknown {
  return { ScheduleGroupArn: arns.group(name) };
}

function groupView({ name, createdMs, modifiedMs }: KeptGroup, arns: SchedulerArns): unknown {
  return {
    Arn: arns.group(name),
    Name: name,
    State: 'ACTIVE',
    CreationDate: createdMs / 1000,
    LastModificationDate: modifiedMs / 1000,
  };
}
