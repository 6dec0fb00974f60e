import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { describe, expect, it } from 'vitest';
import type { RoleCaller } from '#local/iam/caller.ts';
import { ServiceFault } from '#local/services/local-service.ts';
import {
  aScheduleRequest,
  type Delivery,
  FUNCTION_ARN,
  QUEUE_ARN,
  ROLE_ARN,
  type ServedScheduler,
  serveScheduler,
} from '#test/support/serve-scheduler.ts';

const SCHEDULE_ARN = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly';
const throttle = () =>
  new ServiceFault('TooManyRequestsException', 'Rate Exceeded.', { status: 429 });
const missing = () =>
  new ServiceFault('ResourceNotFoundException', 'Function not found: report', { status: 404 });

type Target = Partial<CreateScheduleCommandInput['Target']>;

/** Makes a schedule that fires once, at 02:00 on 1 January 2026. */
async function create(
  served: ServedScheduler,
  target: Target = {},
  overrides: Partial<CreateScheduleCommandInput> = {},
) {
  await served.client.send(
    new CreateScheduleCommand(
      aScheduleRequest({
        ScheduleExpression: 'at(2026-01-01T02:00:00)',
        Target: { Arn: FUNCTION_ARN, RoleArn: ROLE_ARN, Input: '{"a":1}', ...target },
        ...overrides,
      }),
    ),
  );
}

/** What reached the targets by the end of the next day. */
async function outcome(served: ServedScheduler): Promise<readonly Delivery[]> {
  await served.advanceTo('2026-01-03T00:00:00Z');
  return served.deliveries;
}

describe('what a target gets', () => {
  it('is the Input byte for byte, but for the context attributes, wherever they stand', async () => {
    await using served = await serveScheduler();
    const Input =
      '{"<aws.scheduler.schedule-arn>":["<aws.scheduler.scheduled-time>","at <aws.scheduler.scheduled-time>",<aws.scheduler.attempt-number>],"id":"<aws.scheduler.execution-id>", "kept":"<aws.scheduler.unknown> \\u003caws.scheduler.schedule-arn>"}';
    await create(served, {
      Input: Input.replace(',<aws.scheduler.attempt-number>', ',"<aws.scheduler.attempt-number>"'),
    });

    const [delivery] = await outcome(served);

    const id = /"id":"([0-9a-f]{16})"/.exec(delivery?.body ?? '')?.[1];
    expect(delivery?.body).toBe(
      `{"${SCHEDULE_ARN}":["2026-01-01T02:00:00Z","at 2026-01-01T02:00:00Z","1"],"id":"${id}", "kept":"<aws.scheduler.unknown> \\u003caws.scheduler.schedule-arn>"}`,
    );
  });

  it('is the default notification where there is no Input', async () => {
    await using served = await serveScheduler();
    await create(served, { Input: undefined });

    const [delivery] = await outcome(served);

    expect(JSON.parse(delivery?.body ?? '')).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: '000000000000',
      time: '2026-01-01T02:00:00Z',
      region: 'us-east-1',
      resources: [SCHEDULE_ARN],
      detail: '{}',
    });
  });

  it('is a message where the target is a queue', async () => {
    await using served = await serveScheduler();
    await create(served, { Arn: QUEUE_ARN, Input: 'due at <aws.scheduler.scheduled-time>' });

    expect(await outcome(served)).toEqual([
      { at: '2026-01-01T02:00:00Z', arn: QUEUE_ARN, body: 'due at 2026-01-01T02:00:00Z' },
    ]);
  });

  it('is the payload of a universal lambda:invoke, by name or ARN', async () => {
    await using served = await serveScheduler();
    const Input = JSON.stringify({
      FunctionName: 'report',
      InvocationType: 'Event',
      Payload: '{"at":"<aws.scheduler.scheduled-time>"}',
    });
    await create(served, { Arn: 'arn:aws:scheduler:::aws-sdk:lambda:invoke', Input });

    expect(await outcome(served)).toEqual([
      { at: '2026-01-01T02:00:00Z', arn: FUNCTION_ARN, body: '{"at":"2026-01-01T02:00:00Z"}' },
    ]);
  });

  it('is the message of a universal sqs:sendMessage, with its attributes', async () => {
    await using served = await serveScheduler();
    const Input = JSON.stringify({
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/letters',
      MessageBody: 'due',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'start' } },
    });
    await create(served, { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', Input });

    expect(await outcome(served)).toEqual([
      { at: '2026-01-01T02:00:00Z', arn: QUEUE_ARN, body: 'due', attributes: { kind: 'start' } },
    ]);
  });
});

describe('what the role is asked for', () => {
  it.each([
    [FUNCTION_ARN, 'lambda:InvokeFunction'],
    [QUEUE_ARN, 'sqs:SendMessage'],
  ])('is, to deliver to %s, %s on it, after its trust', async (Arn, action) => {
    await using served = await serveScheduler();
    await create(served, { Arn });
    const asked: unknown[] = [];
    served.trust.mayAssume = ({ roleArn, context }) =>
      asked.push([roleArn, context['aws:SourceArn']]) > 0;
    served.grants.isAllowed = (caller, permission) => asked.push([caller, permission]) > 0;

    await outcome(served);

    const caller: RoleCaller = { kind: 'role', roleArn: ROLE_ARN, actor: 'scheduler' };
    expect(asked).toEqual([
      [ROLE_ARN, 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/default'],
      [caller, { action, resource: Arn }],
    ]);
  });
});

describe('retries', () => {
  it('follow an error that passes, with doubling waits, each with its own number and id', async () => {
    await using served = await serveScheduler();
    await create(served, {
      Input:
        '["<aws.scheduler.attempt-number>","<aws.scheduler.execution-id>","<aws.scheduler.scheduled-time>"]',
    });
    served.failures.push(
      throttle(),
      new ServiceFault('ServiceException', 'x', { status: 500 }),
      new Error('bug'),
    );

    const [delivery, ...rest] = await outcome(served);

    expect(rest).toEqual([]);
    expect(delivery?.at).toBe('2026-01-01T02:00:07Z');
    expect(JSON.parse(delivery?.body ?? '')).toEqual([
      '4',
      expect.stringMatching(/^[0-9a-f]{16}$/),
      '2026-01-01T02:00:00Z',
    ]);
  });

  it('wait as AWS is set to', async () => {
    await using served = await serveScheduler({
      undocumented: { retryBackoff: { firstMs: 60_000, factor: 3, maxMs: 120_000 } },
    });
    await create(served);
    served.failures.push(throttle(), throttle());

    const [delivery] = await outcome(served);

    expect(delivery?.at).toBe('2026-01-01T02:03:00Z');
  });

  it('fit, all 185 of them, into the 24 hours that are the default', async () => {
    await using served = await serveScheduler();
    await create(served, { DeadLetterConfig: { Arn: QUEUE_ARN } });
    served.failures.push(...Array.from({ length: 186 }, throttle));

    const [letter] = await outcome(served);

    expect(letter?.attributes).toMatchObject({
      RETRY_ATTEMPTS: '185',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    });
    expect(Date.parse(letter?.at ?? '')).toBeLessThan(Date.parse('2026-01-02T02:00:00Z'));
  });

  it.each([missing(), new ServiceFault('InvalidParameterValueException', 'x', { status: 400 })])(
    'do not follow %s',
    async (error) => {
      await using served = await serveScheduler();
      await create(served);
      served.failures.push(error);

      expect(await outcome(served)).toEqual([]);
      expect(served.log).toEqual([
        `scheduler: gave up the event of ${SCHEDULE_ARN} for 2026-01-01T02:00:00Z at attempt 1: ${error.code}: ${error.message} It is lost: the schedule has no dead-letter queue.`,
      ]);
    },
  );

  it('go on after the schedule was deleted, or end with it where AWS is set to', async () => {
    for (const retriesOfDeletedSchedule of ['keep', 'cancel'] as const) {
      await using served = await serveScheduler({ undocumented: { retriesOfDeletedSchedule } });
      await create(served);
      served.failures.push(throttle());
      await served.advanceTo('2026-01-01T02:00:00Z');
      await served.client.send(new DeleteScheduleCommand({ Name: 'nightly' }));

      const deliveries = await outcome(served);

      expect(deliveries).toHaveLength(retriesOfDeletedSchedule === 'keep' ? 1 : 0);
    }
  });

  it('hold back the deletion of a completed schedule, unless AWS is set otherwise', async () => {
    for (const completedDeletion of ['after-delivery', 'after-first-attempt'] as const) {
      await using served = await serveScheduler({ undocumented: { completedDeletion } });
      await create(served, {}, { ActionAfterCompletion: 'DELETE' });
      served.failures.push(throttle());
      const exists = () =>
        served.client.send(new GetScheduleCommand({ Name: 'nightly' })).then(
          () => true,
          () => false,
        );

      await served.advanceTo('2026-01-01T02:00:00Z');
      expect(await exists()).toBe(completedDeletion === 'after-delivery');
      expect(await outcome(served)).toHaveLength(1);
      expect(await exists()).toBe(false);
    }
  });
});

describe('a dead letter', () => {
  it('holds the filled-in Input and tells what happened in string attributes', async () => {
    await using served = await serveScheduler();
    await create(served, {
      Input: '"<aws.scheduler.attempt-number>"',
      DeadLetterConfig: { Arn: QUEUE_ARN },
      RetryPolicy: { MaximumRetryAttempts: 2 },
    });
    served.failures.push(throttle(), throttle(), throttle());

    expect(await outcome(served)).toEqual([
      {
        at: '2026-01-01T02:00:03Z',
        arn: QUEUE_ARN,
        body: '"3"',
        attributes: {
          ERROR_CODE: 'TooManyRequestsException',
          ERROR_MESSAGE: 'Rate Exceeded.',
          EXECUTION_ID: expect.stringMatching(/^[0-9a-f]{16}$/),
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
          IS_PAYLOAD_TRUNCATED: 'false',
          RETRY_ATTEMPTS: '2',
          SCHEDULED_TIME: '2026-01-01T02:00:00Z',
          SCHEDULE_ARN,
          TARGET_ARN: 'arn:aws:scheduler:::aws-sdk:lambda:invoke',
        },
      },
    ]);
  });

  it('names the age where that was exhausted first', async () => {
    await using served = await serveScheduler();
    await create(served, {
      DeadLetterConfig: { Arn: QUEUE_ARN },
      RetryPolicy: { MaximumEventAgeInSeconds: 60 },
    });
    served.failures.push(...Array.from({ length: 6 }, throttle));

    const [letter] = await outcome(served);

    expect(letter?.at).toBe('2026-01-01T02:00:31Z');
    expect(letter?.attributes).toMatchObject({
      RETRY_ATTEMPTS: '5',
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    });
  });

  it('names no exhausted condition for a permanent error', async () => {
    await using served = await serveScheduler();
    await create(served, { DeadLetterConfig: { Arn: QUEUE_ARN } });
    served.failures.push(missing());

    const [letter] = await outcome(served);

    expect(letter?.attributes).toMatchObject({
      ERROR_CODE: 'ResourceNotFoundException',
      RETRY_ATTEMPTS: '0',
    });
    expect(letter?.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  it('speaks of an error of the service itself in its own words', async () => {
    await using served = await serveScheduler();
    await create(served, {
      DeadLetterConfig: { Arn: QUEUE_ARN },
      RetryPolicy: { MaximumRetryAttempts: 0 },
    });
    served.failures.push(new Error('bug'));

    const [letter] = await outcome(served);

    expect(letter?.attributes).toMatchObject({
      ERROR_CODE: 'AWS.Scheduler.InternalServerError',
      ERROR_MESSAGE: 'Unexpected error occurred while processing the request',
    });
  });

  it('tells of access that the role does not have', async () => {
    await using served = await serveScheduler();
    await create(served, { DeadLetterConfig: { Arn: QUEUE_ARN } });
    served.grants.isAllowed = (_, { action }) => action !== 'lambda:InvokeFunction';

    const [letter] = await outcome(served);

    expect(letter?.attributes).toMatchObject({
      ERROR_CODE: 'AccessDeniedException',
      ERROR_MESSAGE: 'not authorized to perform: lambda:InvokeFunction',
      RETRY_ATTEMPTS: '0',
    });
  });

  it('is not sent by a role that may not, or is trusted no more: the event is lost, and the log says so', async () => {
    for (const isTrusted of [true, false]) {
      await using served = await serveScheduler();
      await create(served, { DeadLetterConfig: { Arn: QUEUE_ARN } });
      served.trust.mayAssume = () => isTrusted;
      served.grants.isAllowed = () => false;

      expect(await outcome(served)).toEqual([]);
      expect(served.log).toEqual([
        expect.stringMatching(
          new RegExp(`at attempt 1: .* It is lost: ${QUEUE_ARN} did not take it`),
        ),
      ]);
    }
  });

  it('holds the whole request where AWS is set to', async () => {
    await using served = await serveScheduler({ undocumented: { deadLetterBody: 'request' } });
    await create(served, { DeadLetterConfig: { Arn: QUEUE_ARN } });
    served.failures.push(missing());

    const [letter] = await outcome(served);

    expect(JSON.parse(letter?.body ?? '')).toEqual({
      FunctionName: FUNCTION_ARN,
      InvocationType: 'Event',
      Payload: '{"a":1}',
    });
  });

  it('is cut, and says so, where body and attributes pass 256 KB', async () => {
    await using served = await serveScheduler();
    const Input = JSON.stringify('é'.repeat(131_000));
    await create(served, { Input, DeadLetterConfig: { Arn: QUEUE_ARN } });
    served.failures.push(missing());

    const [letter] = await outcome(served);

    expect(letter?.attributes?.['IS_PAYLOAD_TRUNCATED']).toBe('true');
    expect(Buffer.byteLength(letter?.body ?? '')).toBeLessThan(262_144);
    expect(Input.startsWith(letter?.body ?? 'nothing')).toBe(true);
  });
});
