import { beginProgress } from '#local/services/scheduler/begin-progress.ts';
import { checkMembers } from '#local/services/scheduler/check-members.ts';
import {
  defineSchedule,
  type ScheduleDefinition,
} from '#local/services/scheduler/define-schedule.ts';
import { pageOf } from '#local/services/scheduler/page-of.ts';
import {
  ListSchedulesMembers,
  ScheduleKeyMembers,
  ScheduleMembers,
  type ScheduleRequest,
} from '#local/services/scheduler/schedule-members.ts';
import { type KeptSchedule, scheduleKey } from '#local/services/scheduler/schedule-store.ts';
import { DEFAULT_GROUP } from '#local/services/scheduler/scheduler-arns.ts';
import type { SchedulerContext } from '#local/services/scheduler/scheduler-context.ts';
import { invalid, schedulerFault } from '#local/services/scheduler/scheduler-fault.ts';
import { refusalToAssume } from '#local/services/scheduler/send-event.ts';

/**
 * Creates a schedule.
 *
 * @throws {ServiceFault} `ConflictException` when one of the name exists, unless this request, under its ClientToken, made it.
 */
export function createSchedule(input: unknown, context: SchedulerContext): unknown {
  const request = checkMembers(ScheduleMembers, input);
  const definition = define(request, context);
  const key = scheduleKey(definition.GroupName, definition.Name);
  const tokened = tokenedRequest('CreateSchedule', request, key);
  const nowMs = context.clock.nowMs();
  if (context.store.get(key)) {
    if (context.tokens.isRepeated(tokened, nowMs)) return arnOf(definition, context);
    throw schedulerFault('ConflictException', `Schedule ${definition.Name} already exists.`);
  }
  put(definition, undefined, context);
  context.tokens.remember(tokened, nowMs);
  return arnOf(definition, context);
}

/** Replaces a schedule by what the request says and the defaults of what it leaves out. */
export function updateSchedule(input: unknown, context: SchedulerContext): unknown {
  const request = checkMembers(ScheduleMembers, input);
  const definition = define(request, context);
  const key = scheduleKey(definition.GroupName, definition.Name);
  const previous = existing(definition, context);
  const tokened = tokenedRequest('UpdateSchedule', request, key);
  const nowMs = context.clock.nowMs();
  if (context.tokens.isRepeated(tokened, nowMs)) return arnOf(definition, context);
  put(definition, previous, context);
  context.tokens.remember(tokened, nowMs);
  return arnOf(definition, context);
}

/**
 * Makes a schedule what it should be, whether it exists or not; one that is so already keeps its place.
 *
 * @throws {ServiceFault} as CreateSchedule does.
 */
export function ensureSchedule(input: unknown, context: SchedulerContext): void {
  const definition = define(checkMembers(ScheduleMembers, input), context);
  const previous = context.store.get(scheduleKey(definition.GroupName, definition.Name));
  if (JSON.stringify(previous?.definition) !== JSON.stringify(definition))
    put(definition, previous, context);
}

/** Shows a schedule, with the defaults of what was left out. */
export function getSchedule(input: unknown, context: SchedulerContext): unknown {
  const schedule = existing(checkMembers(ScheduleKeyMembers, input), context);
  return {
    ...schedule.definition,
    Arn: context.arns.schedule(schedule.definition.GroupName, schedule.definition.Name),
    ...datesOf(schedule),
  };
}

/** Deletes a schedule; events that it made are still delivered. */
export function deleteSchedule(input: unknown, context: SchedulerContext): unknown {
  const request = checkMembers(ScheduleKeyMembers, input);
  const key = scheduleKey(request.GroupName ?? DEFAULT_GROUP, request.Name);
  const tokened = tokenedRequest('DeleteSchedule', request, key);
  const nowMs = context.clock.nowMs();
  if (context.tokens.isRepeated(tokened, nowMs)) return {};
  existing(request, context);
  context.store.delete(key);
  context.runner.forget(key);
  context.tokens.remember(tokened, nowMs);
  return {};
}

/** Lists schedules a page at a time, without their expressions. */
export function listSchedules(input: unknown, context: SchedulerContext): unknown {
  const request = checkMembers(ListSchedulesMembers, input);
  const { GroupName, NamePrefix = '', State } = request;
  if (GroupName !== undefined && !context.store.group(GroupName)) throw noGroup(GroupName);
  const matching = context.store
    .schedules()
    .filter(
      ([, { definition }]) =>
        (GroupName === undefined || definition.GroupName === GroupName) &&
        (State === undefined || definition.State === State) &&
        definition.Name.startsWith(NamePrefix),
    );
  const isByName = context.choices.listOrder === 'name';
  const orderOf = ([key, { createdMs }]: readonly [string, KeptSchedule]) =>
    isByName ? key : `${String(Number.MAX_SAFE_INTEGER - createdMs)} ${key}`;
  const items = isByName
    ? matching
    : matching.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
  const page = pageOf({ items, orderOf, filters: [GroupName, NamePrefix, State] }, request);
  return {
    Schedules: page.items.map(([, schedule]) => summaryOf(schedule, context)),
    NextToken: page.NextToken,
  };
}

function define(request: ScheduleRequest, context: SchedulerContext): ScheduleDefinition {
  const { arns, clock, choices, store } = context;
  const definition = defineSchedule(request, {
    nowMs: clock.nowMs(),
    region: arns.region,
    choices,
  });
  if (!store.group(definition.GroupName)) throw noGroup(definition.GroupName);
  const groupArn = arns.group(definition.GroupName);
  const refusal = refusalToAssume(definition.Target.RoleArn, groupArn, context);
  if (refusal !== undefined) throw invalid(refusal);
  return definition;
}

function put(
  definition: ScheduleDefinition,
  previous: KeptSchedule | undefined,
  { clock, choices, store, runner }: SchedulerContext,
): void {
  const nowMs = clock.nowMs();
  const key = scheduleKey(definition.GroupName, definition.Name);
  store.put(key, {
    definition,
    createdMs: previous?.createdMs ?? nowMs,
    modifiedMs: nowMs,
    progress: beginProgress(definition, previous, { nowMs, choices }),
  });
  runner.plan(key);
}

function existing(
  {
    Name,
    GroupName = DEFAULT_GROUP,
  }: { readonly Name: string; readonly GroupName?: string | undefined },
  { store }: SchedulerContext,
): KeptSchedule {
  if (!store.group(GroupName)) throw noGroup(GroupName);
  const schedule = store.get(scheduleKey(GroupName, Name));
  if (!schedule)
    throw schedulerFault('ResourceNotFoundException', `Schedule ${Name} does not exist.`);
  return schedule;
}

function noGroup(name: string): Error {
  return schedulerFault('ResourceNotFoundException', `Schedule group ${name} does not exist.`);
}

function tokenedRequest(
  operation: string,
  { ClientToken, ...body }: { readonly ClientToken?: string | undefined },
  key: string,
) {
  return { subject: `${operation} ${key}`, token: ClientToken, body };
}

function arnOf({ GroupName, Name }: ScheduleDefinition, { arns }: SchedulerContext): unknown {
  return { ScheduleArn: arns.schedule(GroupName, Name) };
}

function summaryOf(schedule: KeptSchedule, { arns }: SchedulerContext): unknown {
  const { GroupName, Name, State, Target } = schedule.definition;
  return {
    Arn: arns.schedule(GroupName, Name),
    GroupName,
    Name,
    State,
    Target: { Arn: Target.Arn },
    ...datesOf(schedule),
  };
}

function datesOf({ createdMs, modifiedMs }: KeptSchedule) {
  return { CreationDate: createdMs / 1000, LastModificationDate: modifiedMs / 1000 };
}
