import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerServiceException,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { UndocumentedChoices } from '#local/services/scheduler/undocumented-choices.ts';
import {
  aScheduleRequest,
  FUNCTION_ARN,
  QUEUE_ARN,
  ROLE_ARN,
  type ServedScheduler,
  serveScheduler,
} from '#test/support/serve-scheduler.ts';

let scheduler: ServedScheduler;
beforeAll(async () => {
  scheduler = await serveScheduler({ now: '2026-06-01T12:00:00Z' });
});
afterAll(async () => {
  await scheduler[Symbol.asyncDispose]();
});

/** What the service answers to a request that it refuses. */
async function refusal(request: Promise<unknown>) {
  try {
    await request;
  } catch (error) {
    if (error instanceof SchedulerServiceException)
      return { name: error.name, status: error.$metadata.httpStatusCode, message: error.message };
    throw error;
  }
  return undefined;
}

function create(overrides: Partial<CreateScheduleCommandInput>, served = scheduler) {
  return refusal(served.client.send(new CreateScheduleCommand(aScheduleRequest(overrides))));
}

function invalid(message: string) {
  return { name: 'ValidationException', status: 400, message };
}

function target(overrides: object) {
  return { Target: { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN, ...overrides } };
}

describe('CreateSchedule: constraints of members', () => {
  it.each([
    [
      { Name: 'a b' },
      "Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$",
    ],
    [
      { Name: 'x'.repeat(65) },
      `Value '${'x'.repeat(65)}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
    [
      { FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 1441 } },
      "Value '1441' at 'flexibleTimeWindow.maximumWindowInMinutes' failed to satisfy constraint: Member must have value less than or equal to 1440",
    ],
    [
      target({ RetryPolicy: { MaximumRetryAttempts: -1 } }),
      "Value '-1' at 'target.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value greater than or equal to 0",
    ],
    [
      target({ RetryPolicy: { MaximumEventAgeInSeconds: 59 } }),
      "Value '59' at 'target.retryPolicy.maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60",
    ],
    [
      target({ DeadLetterConfig: { Arn: `${QUEUE_ARN}.fifo` } }),
      `Value '${QUEUE_ARN}.fifo' at 'target.deadLetterConfig.arn' failed to satisfy constraint: Member must satisfy regular expression pattern: ^arn:aws(-[a-z]+)?:sqs:[a-z0-9-]+:\\d{12}:[a-zA-Z0-9\\-_]+$`,
    ],
    [
      { State: 'PAUSED' as 'ENABLED' },
      "Value 'PAUSED' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [ENABLED, DISABLED]",
    ],
    [
      { ClientToken: 'a.b' },
      "Value 'a.b' at 'clientToken' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9-_]+$",
    ],
    [
      { Target: undefined },
      "Value null at 'target' failed to satisfy constraint: Member must not be null",
    ],
  ])('names the member of %j that breaks its constraint', async (overrides, violation) => {
    expect(await create(overrides)).toEqual(invalid(`1 validation error detected: ${violation}`));
  });

  it('reports all broken constraints together', async () => {
    const refused = await create({
      Name: '!',
      Description: 'd'.repeat(513),
      ScheduleExpression: '',
    });

    expect(refused?.message).toMatch(
      /^3 validation errors detected: Value '!' at 'name' .*; Value /,
    );
  });

  it('answers an empty name with a constraint, not with the list', async () => {
    const refused = await refusal(scheduler.client.send(new GetScheduleCommand({ Name: '' })));

    expect(refused).toEqual(
      invalid(
        "2 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$",
      ),
    );
  });

  it('refuses a member of another JSON type, and a body that is no JSON', async () => {
    const post = (body: string) =>
      fetch(`${scheduler.url}/schedules/raw`, { method: 'POST', body }).then(async (response) => ({
        status: response.status,
        type: response.headers.get('x-amzn-errortype'),
        names: Object.keys(z.looseObject({}).parse(await response.json())),
      }));
    const expected = { status: 400, type: 'SerializationException', names: ['Message'] };

    expect(await post('{"Description": 5}')).toEqual(expected);
    expect(await post('{')).toEqual(expected);
    expect(await post('[]')).toEqual(expected);
  });

  it('takes no notice of members that it does not know, and of nulls', async () => {
    const body = { ...aScheduleRequest(), Name: undefined, Description: null, Colour: 'red' };

    const response = await fetch(`${scheduler.url}/schedules/unknown-members`, {
      method: 'POST',
      body: JSON.stringify(body),
    });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ScheduleArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/unknown-members',
    });
  });

  it('answers a path that is none of its own with UnknownOperationException', async () => {
    const response = await fetch(`${scheduler.url}/schedules`, { method: 'PATCH' });

    expect(response.status).toBe(404);
    expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
  });
});

describe('CreateSchedule: what the members mean', () => {
  it('refuses an expression verbatim, before it looks at the role', async () => {
    scheduler.trust.mayAssume = () => false;

    const refused = await create({ ScheduleExpression: ' rate(10 minutes)' });
    scheduler.trust.mayAssume = () => true;

    expect(refused).toEqual(invalid('Invalid Schedule Expression  rate(10 minutes).'));
  });

  it('refuses a role that does not trust it, asking on behalf of the group', async () => {
    const asked: unknown[] = [];
    scheduler.trust.mayAssume = (request) => asked.push(request) === 0;

    const refused = await create({});
    scheduler.trust.mayAssume = () => true;

    expect(refused).toEqual(
      invalid(
        'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
      ),
    );
    expect(asked).toEqual([
      {
        roleArn: ROLE_ARN,
        principalService: 'scheduler.amazonaws.com',
        context: {
          'aws:SourceAccount': '000000000000',
          'aws:SourceArn': 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/default',
        },
      },
    ]);
  });

  it.each([
    [
      { ScheduleExpressionTimezone: 'Mars/Base' },
      'Invalid Schedule Expression Timezone Mars/Base.',
    ],
    [
      { ScheduleExpressionTimezone: 'europe/berlin' },
      'Invalid Schedule Expression Timezone europe/berlin.',
    ],
    [{ ScheduleExpressionTimezone: '+01:00' }, 'Invalid Schedule Expression Timezone +01:00.'],
    [
      { FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const } },
      'MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE.',
    ],
    [
      { FlexibleTimeWindow: { Mode: 'OFF' as const, MaximumWindowInMinutes: 5 } },
      'MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF.',
    ],
    [
      { StartDate: new Date('2026-06-01T11:54:59Z') },
      'The StartDate you specify cannot be earlier than 5 minutes ago.',
    ],
    [
      { StartDate: new Date('2026-07-01T00:00:00Z'), EndDate: new Date('2026-07-01T00:00:00Z') },
      'The StartDate you specify must come before the EndDate.',
    ],
    [
      { ScheduleExpression: 'cron(0 0 1 1 ? 2025)' },
      'Schedule Expression cron(0 0 1 1 ? 2025) will never schedule after the StartDate.',
    ],
    [target({ Input: '{not json' }), 'JSON syntax error in input for the target.'],
    [
      target({ Input: `"${'x'.repeat(262_143)}"` }),
      'The input for the target must not be larger than 262144 bytes.',
    ],
    [target({ Arn: 'report' }), 'Provided target ARN report is not in correct format.'],
    [
      target({ Arn: 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/x' }),
      'bedrock-agentcore is not a supported service for a target.',
    ],
    [
      target({ Arn: 'arn:aws:scheduler:us-east-1:000000000000:aws-sdk:sqs:sendMessage' }),
      'scheduler is not a supported service for a target.',
    ],
    [
      target({ Arn: 'arn:aws:lambda:eu-west-1:000000000000:function:report' }),
      'The target ARN provided does not match the current region us-east-1.',
    ],
    [
      target({ EcsParameters: { TaskDefinitionArn: 'x' } }),
      'Parameters EcsParameters not supported for the target.',
    ],
    [target({ SqsParameters: {} }), 'Parameters SqsParameters not supported for the target.'],
    [target({ Arn: `${QUEUE_ARN}.fifo` }), 'Parameters SqsParameters must be specified.'],
    [
      target({ Arn: QUEUE_ARN, SqsParameters: { MessageGroupId: 'g' } }),
      'Parameters MessageGroupId not valid for the target.',
    ],
    [
      target({ Arn: 'arn:aws:scheduler:::aws-sdk:sqs:getQueueUrl', Input: '{}' }),
      'getQueueUrl API is not supported.',
    ],
    [
      target({ Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage' }),
      'You must provide an input to set this target for your schedule.',
    ],
  ])('refuses %j', async (overrides, message) => {
    expect(await create(overrides)).toEqual(invalid(message));
  });

  it.each([
    target({ Arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:x' }),
    target({ Arn: `${QUEUE_ARN}.fifo`, SqsParameters: { MessageGroupId: 'g' } }),
    target({ Arn: 'arn:aws:scheduler:::aws-sdk:ec2:stopInstances', Input: '{}' }),
  ])('says of %j that it is this cloud that does not reach it', async (overrides) => {
    expect((await create(overrides))?.message).toMatch(
      /^The local EventBridge Scheduler does not reach /,
    );
  });

  it.each([
    '{"FunctionName":"report"}',
    '{"FunctionName":"report","InvocationType":"DryRun"}',
    '[]',
  ])('says of the universal request %s that this cloud does not send it', async (Input) => {
    const refused = await create(
      target({ Arn: 'arn:aws:scheduler:::aws-sdk:lambda:invoke', Input }),
    );

    expect(refused?.message).toMatch(/^The local EventBridge Scheduler does not send this request/);
  });

  it.each([
    ['a StartDate five minutes back', { StartDate: new Date('2026-06-01T11:55:00Z') }],
    [
      'a passed at() within a window',
      {
        ScheduleExpression: 'at(2022-12-31T23:59:59)',
        FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 4 },
      },
    ],
    ['an alias of a time zone', { ScheduleExpressionTimezone: 'US/Pacific' }],
    ['text for a queue', target({ Arn: QUEUE_ARN, Input: 'not json' })],
    ['an Input of 256 KB', target({ Input: `"${'x'.repeat(262_142)}"` })],
    ['a version of a function', target({ Arn: `${FUNCTION_ARN}:live` })],
  ])('takes %s', async (what, overrides) => {
    expect(await create({ Name: what.replaceAll(/[^\w]/g, '-'), ...overrides })).toBeUndefined();
  });

  it.each<[Partial<UndocumentedChoices>, Partial<CreateScheduleCommandInput>, string]>([
    [
      { pastAt: 'reject' },
      { ScheduleExpression: 'at(2026-01-01T00:00:00)' },
      'Invalid Schedule Expression at(2026-01-01T00:00:00).',
    ],
    [
      { legacyTimeZones: 'reject' },
      { ScheduleExpressionTimezone: 'US/Pacific' },
      'Invalid Schedule Expression Timezone US/Pacific.',
    ],
    [
      { fiveFieldCron: 'reject' },
      { ScheduleExpression: 'cron(0 2 * * ?)' },
      'Invalid Schedule Expression cron(0 2 * * ?).',
    ],
  ])('refuses more where AWS is set to %j', async (undocumented, overrides, message) => {
    await using strict = await serveScheduler({ now: '2026-06-01T12:00:00Z', undocumented });

    expect(await create(overrides, strict)).toEqual(invalid(message));
  });

  it('takes a cron expression that is never due where AWS is set to', async () => {
    await using lenient = await serveScheduler({ undocumented: { neverFiringCron: 'accept' } });

    expect(await create({ ScheduleExpression: 'cron(0 0 30 2 ? *)' }, lenient)).toBeUndefined();
  });
});

describe('what does not exist', () => {
  const missing = (message: string) => ({
    name: 'ResourceNotFoundException',
    status: 404,
    message,
  });

  it('is told of a schedule, whichever operation names it', async () => {
    const request = aScheduleRequest({ Name: 'nobody' });

    expect(
      await refusal(scheduler.client.send(new GetScheduleCommand({ Name: 'nobody' }))),
    ).toEqual(missing('Schedule nobody does not exist.'));
    expect(await refusal(scheduler.client.send(new UpdateScheduleCommand(request)))).toEqual(
      missing('Schedule nobody does not exist.'),
    );
    expect(
      await refusal(scheduler.client.send(new DeleteScheduleCommand({ Name: 'nobody' }))),
    ).toEqual(missing('Schedule nobody does not exist.'));
  });

  it('is told of a group', async () => {
    const expected = missing('Schedule group nowhere does not exist.');

    expect(await create({ GroupName: 'nowhere' })).toEqual(expected);
    expect(
      await refusal(scheduler.client.send(new ListSchedulesCommand({ GroupName: 'nowhere' }))),
    ).toEqual(expected);
    expect(
      await refusal(
        scheduler.client.send(
          new ListTagsForResourceCommand({
            ResourceArn: 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/nowhere',
          }),
        ),
      ),
    ).toEqual(expected);
  });

  it('leaves the default group as it is', async () => {
    const expected = invalid('This operation cannot be performed on schedule group default.');

    expect(
      await refusal(scheduler.client.send(new CreateScheduleGroupCommand({ Name: 'default' }))),
    ).toEqual(expected);
    expect(
      await refusal(scheduler.client.send(new DeleteScheduleGroupCommand({ Name: 'default' }))),
    ).toEqual(expected);
  });
});
