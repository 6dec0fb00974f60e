import { type CreateScheduleCommandInput, SchedulerClient } from '@aws-sdk/client-scheduler';
import { Activity } from '#local/activity.ts';
import { LocalClock } from '#local/clock.ts';
import { createFaults } from '#local/faults.ts';
import { listen } from '#local/http/listen.ts';
import { RequestLog } from '#local/http/request-log.ts';
import { serveService } from '#local/http/serve-service.ts';
import { type Caller, OPERATOR, type Permission } from '#local/iam/caller.ts';
import { createCallers } from '#local/iam/callers.ts';
import {
  createScheduler,
  type SchedulerService,
} from '#local/services/scheduler/create-scheduler.ts';
import type { AssumeRoleRequest } from '#local/services/scheduler/role-trust.ts';
import type { UndocumentedChoices } from '#local/services/scheduler/undocumented-choices.ts';
import { openState, type State } from '#local/state.ts';

/** A call that a schedule made to a function or a queue. */
export interface Delivery {
  readonly at: string;
  readonly arn: string;
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** How a test's scheduler is to be. */
export interface ServedSchedulerOptions {
  /** Where its clock stands still. Default 2026-01-01T00:00:00Z. */
  readonly now?: string;
  readonly undocumented?: Partial<UndocumentedChoices>;
  /** What an earlier one left. */
  readonly state?: State;
  /** Whether it fires from the beginning. Default true. */
  readonly isStarted?: boolean;
}

/** A scheduler on a stopped clock, with targets that note what reaches them. */
export interface ServedScheduler extends AsyncDisposable {
  readonly url: string;
  readonly client: SchedulerClient;
  readonly service: SchedulerService;
  readonly clock: LocalClock;
  readonly state: State;
  /** What reached a target, in order. */
  readonly deliveries: Delivery[];
  readonly log: string[];
  /** What roles were asked for, and may answer otherwise than yes. */
  readonly trust: { mayAssume: (request: AssumeRoleRequest) => boolean };
  /** What actions were asked for, and may answer otherwise than yes. */
  readonly grants: { isAllowed: (caller: Caller, permission: Permission) => boolean };
  /** Thrown by the targets' calls to come, one each, then nothing more. */
  readonly failures: Error[];
  /** Moves the clock on to an instant, firing what is due. */
  advanceTo(instant: string): Promise<void>;
}

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';

/** A function's ARN that every test may name: nothing checks whether it exists. */
export const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:report`;
/** A queue's ARN that every test may name. */
export const QUEUE_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:letters`;
/** A role's ARN that every test may name. */
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/fires-schedules`;

/** Builds a request for a daily schedule that invokes a function. */
export function aScheduleRequest(
  overrides: Partial<CreateScheduleCommandInput> = {},
): CreateScheduleCommandInput {
  return {
    Name: 'nightly',
    ScheduleExpression: 'cron(0 2 * * ? *)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN, Input: '{}' },
    ...overrides,
  };
}

/** Serves a scheduler over HTTP. */
export async function serveScheduler({
  now = '2026-01-01T00:00:00Z',
  undocumented = {},
  state = openState(),
  isStarted = true,
}: ServedSchedulerOptions = {}): Promise<ServedScheduler> {
  const activity = new Activity();
  const clock = new LocalClock(activity, Date.parse(now));
  const deliveries: Delivery[] = [];
  const failures: Error[] = [];
  const log: string[] = [];
  const trust: ServedScheduler['trust'] = { mayAssume: () => true };
  const grants: ServedScheduler['grants'] = { isAllowed: () => true };
  const authorizer = {
    decide: (caller: Caller, permission: Permission) =>
      grants.isAllowed(caller, permission)
        ? ({ kind: 'allowed' } as const)
        : ({ kind: 'denied', message: `not authorized to perform: ${permission.action}` } as const),
  };
  const deliver = (delivery: Omit<Delivery, 'at'>) => {
    const failure = failures.shift();
    if (failure) throw failure;
    deliveries.push({ at: new Date(clock.nowMs()).toISOString().replace('.000', ''), ...delivery });
  };
  const service = createScheduler({
    clock,
    activity,
    state,
    authorizer,
    roles: { mayAssume: (request) => trust.mayAssume(request) },
    functions: { invokeEvent: (arn, payload) => deliver({ arn, body: payload.toString() }) },
    queues: { send: (arn, message) => deliver({ arn, ...message }) },
    region: REGION,
    account: ACCOUNT,
    log: (line) => log.push(line),
    undocumented,
  });
  if (isStarted) service.start();
  const listener = await listen(0);
  const callers = { ...createCallers(), of: () => OPERATOR };
  listener.attach(
    serveService(service, {
      clock,
      activity,
      callers,
      authorizer,
      faults: createFaults(),
      requests: new RequestLog(),
    }),
  );
  const client = new SchedulerClient({
    endpoint: listener.url,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    url: listener.url,
    client,
    service,
    clock,
    state,
    deliveries,
    log,
    trust,
    grants,
    failures,
    advanceTo: (instant) => clock.advanceTo(Date.parse(instant)),
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await service[Symbol.asyncDispose]();
      clock.close();
      await listener[Symbol.asyncDispose]();
    },
  };
}
