import type { Activity } from '#local/activity.ts';
import type { Clock } from '#local/clock.ts';
import type { Authorizer } from '#local/iam/caller.ts';
import type { LocalService, WireResponse } from '#local/services/local-service.ts';
import { callPermissions } from '#local/services/scheduler/call-permissions.ts';
import { ClientTokens } from '#local/services/scheduler/client-tokens.ts';
import {
  createScheduleGroup,
  deleteScheduleGroup,
  getScheduleGroup,
  listScheduleGroups,
  listTagsForResource,
  tagResource,
  untagResource,
} from '#local/services/scheduler/group-operations.ts';
import { type OperationName, readCall } from '#local/services/scheduler/read-call.ts';
import type { RoleTrust } from '#local/services/scheduler/role-trust.ts';
import {
  createSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  updateSchedule,
} from '#local/services/scheduler/schedule-operations.ts';
import { ScheduleRunner } from '#local/services/scheduler/schedule-runner.ts';
import { ScheduleStore } from '#local/services/scheduler/schedule-store.ts';
import { schedulerArns } from '#local/services/scheduler/scheduler-arns.ts';
import type { SchedulerContext } from '#local/services/scheduler/scheduler-context.ts';
import { renderSchedulerFault } from '#local/services/scheduler/scheduler-fault.ts';
import { schedulerResourceTypes } from '#local/services/scheduler/scheduler-resource-types.ts';
import type { ScheduledFunctions, ScheduledQueues } from '#local/services/scheduler/send-event.ts';
import {
  DEFAULT_CHOICES,
  type UndocumentedChoices,
} from '#local/services/scheduler/undocumented-choices.ts';
import type { State } from '#local/state.ts';
import type { ResourceType } from '#local/template/resource-type.ts';

/** What the local EventBridge Scheduler works with. */
export interface SchedulerOptions {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly state: State;
  /** Asked at each delivery what the schedule's role grants. */
  readonly authorizer: Authorizer;
  /** Asked at each creation, update and delivery whether the role trusts the service. */
  readonly roles: RoleTrust;
  readonly functions: ScheduledFunctions;
  readonly queues: ScheduledQueues;
  readonly region: string;
  readonly account: string;
  /** Takes one line per event given up, and one for passed firings at a start. */
  readonly log: (line: string) => void;
  readonly undocumented?: Partial<UndocumentedChoices>;
}

/** The local EventBridge Scheduler. */
export interface SchedulerService extends LocalService {
  readonly resourceTypes: readonly ResourceType[];
  /**
   * Begins to fire, once targets exist: until then schedules are kept, and nothing happens. A second call does nothing.
   */
  start(): void;
}

type OperationOf = (members: unknown, context: SchedulerContext) => unknown;

const OPERATIONS: Readonly<Record<OperationName, OperationOf>> = {
  CreateSchedule: createSchedule,
  UpdateSchedule: updateSchedule,
  GetSchedule: getSchedule,
  DeleteSchedule: deleteSchedule,
  ListSchedules: listSchedules,
  CreateScheduleGroup: createScheduleGroup,
  GetScheduleGroup: getScheduleGroup,
  DeleteScheduleGroup: deleteScheduleGroup,
  ListScheduleGroups: listScheduleGroups,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};

/** A target's Input of 256 KB whose every character JSON escapes takes six times as much. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** Makes an EventBridge Scheduler from what the state holds. It fires nothing before its `start()`. */
export function createScheduler(options: SchedulerOptions): SchedulerService {
  const choices = { ...DEFAULT_CHOICES, ...options.undocumented };
  const arns = schedulerArns(options.region, options.account);
  const store = new ScheduleStore(options.state, options.clock.nowMs());
  const pending = options.state.collection('scheduler-deliveries');
  const runner = new ScheduleRunner({ ...options, choices, arns, store, pending });
  const tokens = new ClientTokens(choices.clientTokenWindowMs);
  const { clock, roles } = options;
  const context = { clock, roles, arns, store, runner, tokens, choices };
  return {
    name: 'scheduler',
    maxBodyBytes: MAX_BODY_BYTES,
    resourceTypes: schedulerResourceTypes(context),
    start: () => runner.start(),
    route: (request) => {
      const call = readCall(request);
      return {
        name: call.operation,
        permissions: callPermissions(call, arns),
        run: () => answer(OPERATIONS[call.operation](call.members, context)),
      };
    },
    renderFault: renderSchedulerFault,
    [Symbol.asyncDispose]: async () => runner.close(),
  };
}

function answer(output: unknown): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(output),
  };
}
