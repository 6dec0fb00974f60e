import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventBridgeSchedules } from '#shared/adapters/scheduler/event-bridge-schedules.ts';
import type { ProjectedSchedule } from '#shared/domain/schedule/decide-projection.ts';
import type { EventBridge } from '#shared/ports/event-bridge.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import {
  QUEUE_ARN,
  ROLE_ARN,
  type ServedScheduler,
  serveScheduler,
} from '#test/support/serve-scheduler.ts';

const TARGET = {
  group: 'Almanac-test',
  roleArn: ROLE_ARN,
  taskFunctionArn: (taskId: string) =>
    `arn:aws:lambda:us-east-1:000000000000:function:Almanac-test-task-${taskId}`,
  advanceFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Almanac-test-advance',
  deadLetterQueueArn: QUEUE_ARN,
};

function aProjection(changes: Partial<ProjectedSchedule> = {}): ProjectedSchedule {
  return {
    name: 'daily-sales',
    expression: 'cron(0 9 * * ? *)',
    timeZone: 'UTC',
    task: 'sales-report',
    input: '{"fireTime":"<aws.scheduler.scheduled-time>"}',
    maximumEventAgeSeconds: 600,
    ...changes,
  };
}

describe('EventBridge', () => {
  let server: ServedScheduler;
  let eventBridge: EventBridge;

  beforeEach(async () => {
    server = await serveScheduler({ now: '2026-11-23T08:00:00Z' });
    await server.client.send(new CreateScheduleGroupCommand({ Name: TARGET.group }));
    eventBridge = createEventBridgeSchedules(server.client, TARGET);
  });

  afterEach(async () => {
    await server[Symbol.asyncDispose]();
  });

  const copy = () =>
    server.client.send(new GetScheduleCommand({ Name: 'daily-sales', GroupName: TARGET.group }));
  const removeByHand = () =>
    server.client.send(new DeleteScheduleCommand({ Name: 'daily-sales', GroupName: TARGET.group }));

  it('switches the copy of a paused schedule off, and on again', async () => {
    await eventBridge.apply(aProjection({ isPaused: true }));
    expect(await copy()).toMatchObject({
      State: 'DISABLED',
      ScheduleExpression: 'cron(0 9 * * ? *)',
    });

    await eventBridge.apply(aProjection());
    expect(await copy()).toMatchObject({ State: 'ENABLED' });
  });

  it('holds a schedule whole', async () => {
    const dates = { startDate: FIRE_TIME, endDate: FIRE_TIME + 86_400 };

    expect(await eventBridge.apply(aProjection(dates))).toEqual({ kind: 'applied' });

    expect(await copy()).toMatchObject({
      ScheduleExpression: 'cron(0 9 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      StartDate: new Date('2026-11-23T09:00:00Z'),
      EndDate: new Date('2026-11-24T09:00:00Z'),
      State: 'ENABLED',
      ActionAfterCompletion: 'DELETE',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: TARGET.taskFunctionArn('sales-report'),
        RoleArn: ROLE_ARN,
        Input: '{"fireTime":"<aws.scheduler.scheduled-time>"}',
        DeadLetterConfig: { Arn: QUEUE_ARN },
        RetryPolicy: { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 185 },
      },
    });
  });

  it('fires it with its time filled in', async () => {
    await eventBridge.apply(aProjection());

    await server.advanceTo('2026-11-23T09:01:00Z');

    expect(server.deliveries).toMatchObject([
      {
        arn: TARGET.taskFunctionArn('sales-report'),
        body: '{"fireTime":"2026-11-23T09:00:00Z"}',
      },
    ]);
  });

  it('has advance-schedule called for a planned schedule, and keeps the copy so that it can be armed again', async () => {
    const { task: _, ...planned } = aProjection({ input: '{"kind":"advance"}' });
    await eventBridge.apply({ ...planned, expression: 'at(2026-11-23T09:00:00)' });
    await server.advanceTo('2026-11-23T09:01:00Z');
    expect((await copy()).ActionAfterCompletion).toBe('NONE');

    await eventBridge.apply({ ...planned, expression: 'at(2026-11-23T09:07:00)' });
    await server.advanceTo('2026-11-23T09:08:00Z');

    const told = { arn: TARGET.advanceFunctionArn, body: '{"kind":"advance"}' };
    expect(server.deliveries).toMatchObject([told, told]);
  });

  it('replaces all of a copy that it has, old dates included', async () => {
    await eventBridge.apply(aProjection({ endDate: FIRE_TIME + 86_400 }));

    await eventBridge.apply(aProjection({ expression: 'cron(0 10 * * ? *)' }));

    const changed = await copy();
    expect(changed.ScheduleExpression).toBe('cron(0 10 * * ? *)');
    expect(changed.EndDate).toBeUndefined();
  });

  it('takes an update of a schedule whose copy was removed by hand', async () => {
    await eventBridge.apply(aProjection());
    await removeByHand();

    expect(await eventBridge.apply(aProjection())).toEqual({ kind: 'applied' });

    expect((await copy()).Name).toBe('daily-sales');
  });

  it('removes a copy, and does not mind that there is none', async () => {
    await eventBridge.apply(aProjection());

    expect(await eventBridge.remove('daily-sales')).toEqual({ kind: 'applied' });
    expect(await eventBridge.remove('daily-sales')).toEqual({ kind: 'applied' });

    await expect(copy()).rejects.toThrow('daily-sales');
  });

  it('refuses an expression that it does not take, in its own words', async () => {
    const refused = await eventBridge.apply(aProjection({ expression: 'cron(0 9 * * * *)' }));

    expect(refused).toEqual({
      kind: 'refused',
      code: 'ValidationException',
      message: 'Invalid Schedule Expression cron(0 9 * * * *).',
    });
  });

  it('refuses by a value where it cannot be reached', async () => {
    const client = new SchedulerClient({
      endpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });

    const refused = await createEventBridgeSchedules(client, TARGET).remove('daily-sales');

    expect(refused).toMatchObject({ kind: 'refused' });
  });
});

describe('the intermittent refusal of the role', () => {
  const client = new SchedulerClient();
  const scheduler = mockClient(client);
  const refusal = new ValidationException({
    message:
      'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    Message: '',
    $metadata: {},
  });

  it('is told as a value, and over at the next try', async () => {
    scheduler.on(CreateScheduleCommand).rejectsOnce(refusal).resolves({});
    const eventBridge = createEventBridgeSchedules(client, TARGET);

    expect(await eventBridge.apply(aProjection())).toEqual({
      kind: 'refused',
      code: 'ValidationException',
      message: refusal.message,
    });
    expect(await eventBridge.apply(aProjection())).toEqual({ kind: 'applied' });
    expect(scheduler.commandCalls(UpdateScheduleCommand)).toHaveLength(0);
  });
});
