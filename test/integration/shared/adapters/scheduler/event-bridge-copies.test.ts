import {
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEventBridgeCopies } from '#shared/adapters/scheduler/event-bridge-copies.ts';
import { createEventBridgeSchedules } from '#shared/adapters/scheduler/event-bridge-schedules.ts';
import type { ProjectedSchedule } from '#shared/domain/schedule/decide-projection.ts';
import type { EventBridgeCopies } from '#shared/ports/event-bridge-copies.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import {
  QUEUE_ARN,
  ROLE_ARN,
  type ServedScheduler,
  serveScheduler,
} from '#test/support/serve-scheduler.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:Almanac-test';

const TARGET = {
  group: 'Almanac-test',
  roleArn: ROLE_ARN,
  taskFunctionArn: (taskId: string) => `${FUNCTION}-task-${taskId}`,
  advanceFunctionArn: `${FUNCTION}-advance`,
  deadLetterQueueArn: QUEUE_ARN,
};

const NOW = FIRE_TIME - 3_600;

const CRON: ProjectedSchedule = {
  name: 'daily-sales',
  expression: 'cron(0 9 * * ? *)',
  timeZone: 'Europe/Berlin',
  task: 'sales-report',
  input: String.raw`{"fireTime":"<aws.scheduler.scheduled-time>","input":{"text":"\u003cb> ü"}}`,
  maximumEventAgeSeconds: 600,
};

const { task: _, ...PLANNED } = CRON;

describe('the copies of EventBridge', () => {
  let server: ServedScheduler;
  let copies: EventBridgeCopies;

  beforeAll(async () => {
    server = await serveScheduler({ now: '2026-11-23T08:00:00Z' });
    await server.client.send(new CreateScheduleGroupCommand({ Name: TARGET.group }));
    copies = createEventBridgeCopies(server.client, TARGET);
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  const apply = (schedule: ProjectedSchedule) =>
    createEventBridgeSchedules(server.client, TARGET).apply(schedule);

  it.each([
    ['of a cron', CRON],
    ['that has ends', { ...CRON, startDate: NOW + 600, endDate: NOW + 86_400 }],
    ['that is switched off', { ...CRON, isPaused: true as const }],
    [
      'of a planned schedule',
      { ...PLANNED, expression: 'at(2026-11-24T09:00:00)', timeZone: 'UTC' },
    ],
  ])('are equal to what was projected: a copy %s', async (_, schedule) => {
    await apply(schedule);

    expect(await copies.differences('daily-sales', schedule, NOW)).toEqual([]);
  });

  it('are missing or present where they should not be', async () => {
    await apply(CRON);
    expect(await copies.differences('daily-sales', undefined, NOW)).toEqual(['present']);

    await server.client.send(
      new DeleteScheduleCommand({ Name: 'daily-sales', GroupName: TARGET.group }),
    );
    expect(await copies.differences('daily-sales', CRON, NOW)).toEqual(['missing']);
    expect(await copies.differences('daily-sales', undefined, NOW)).toEqual([]);
  });

  it('may have a start date or not, once that has passed', async () => {
    await apply({ ...CRON, startDate: NOW + 600 });

    expect(await copies.differences('daily-sales', CRON, NOW + 600)).toEqual([]);
    expect(await copies.differences('daily-sales', CRON, NOW + 599)).toEqual(['StartDate']);
  });

  describe('that someone has changed by hand', () => {
    beforeEach(async () => {
      await apply(CRON);
    });

    const change = async (
      by: (present: UpdateScheduleCommandInput) => Partial<UpdateScheduleCommandInput>,
    ) => {
      const which = { Name: 'daily-sales', GroupName: TARGET.group };
      const { $metadata, Arn, CreationDate, LastModificationDate, ...present } =
        await server.client.send(new GetScheduleCommand(which));
      const { ScheduleExpression, FlexibleTimeWindow, Target } = present;
      const whole = { ...present, ...which, ScheduleExpression, FlexibleTimeWindow, Target };
      await server.client.send(new UpdateScheduleCommand({ ...whole, ...by(whole) }));
      return copies.differences('daily-sales', CRON, NOW);
    };
    const inTarget =
      (changes: Readonly<Record<string, unknown>>) =>
      ({ Target }: UpdateScheduleCommandInput) => ({
        Target: { Arn: '', RoleArn: '', ...Target, ...changes },
      });

    it.each([
      ['ScheduleExpression', () => ({ ScheduleExpression: 'rate(1 day)' })],
      ['ScheduleExpressionTimezone', () => ({ ScheduleExpressionTimezone: 'UTC' })],
      ['StartDate', () => ({ StartDate: new Date((NOW + 60) * 1000) })],
      ['EndDate', () => ({ EndDate: new Date((NOW + 86_400) * 1000) })],
      ['State', () => ({ State: 'DISABLED' as const })],
      [
        'FlexibleTimeWindow',
        () => ({ FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 5 } }),
      ],
      ['ActionAfterCompletion', () => ({ ActionAfterCompletion: 'NONE' as const })],
      ['Target.Arn', inTarget({ Arn: `${FUNCTION}-task-uptime-check` })],
      ['Target.Input', inTarget({ Input: '{}' })],
      ['Target.DeadLetterConfig', inTarget({ DeadLetterConfig: undefined })],
      [
        'Target.RetryPolicy.MaximumEventAgeInSeconds',
        inTarget({ RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 185 } }),
      ],
      [
        'Target.RetryPolicy.MaximumRetryAttempts',
        inTarget({ RetryPolicy: { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 0 } }),
      ],
    ])('differ in %s, which is named', async (field, by) => {
      expect(await change(by)).toEqual([field]);
    });
  });
});
