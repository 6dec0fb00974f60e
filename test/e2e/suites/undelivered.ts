import { CreateScheduleCommand } from '@aws-sdk/client-scheduler';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { beforeAll, expect, it } from 'vitest';
import type { Start } from '#shared/domain/job/start.ts';
import { aStart } from '#test/support/a-start.ts';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';
import { resourceOf } from '#test/support/resource-of.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function';

/** What becomes of starts that do not reach their task. */
export function undelivered(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  const startFor = (scheduleId: string, fireTime: string): Start =>
    aStart({
      scheduleId,
      fireTime,
      task: 'flaky-import',
      input: {},
      policy: { resultExpirationTime: 3_600, catchUpWindow: 600 },
    });

  /** Sends what EventBridge sends of an event that it gave up after its retries. */
  async function sendDeadLetter(start: Start): Promise<void> {
    const attributes = {
      ERROR_CODE: 'TooManyRequestsException',
      ERROR_MESSAGE: 'Rate Exceeded.',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    };
    await play.sqs.send(
      new SendMessageCommand({
        QueueUrl: play.queueNamed('UndeliveredStarts').ref,
        MessageBody: JSON.stringify(start),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [
            name,
            { DataType: 'String', StringValue },
          ]),
        ),
      }),
    );
    await play.cloud.settle();
  }

  it('is started again by its dead letter, when nothing shows that it ever ran', async () => {
    const { at, cloud, define, rowsOf } = play;
    await define({
      id: 'again',
      task: 'flaky-import',
      trigger: { kind: 'once', at: at(86_400) },
      resultExpirationTime: 0,
    });

    await sendDeadLetter(startFor('again', at(-60)));
    await cloud.clock.advanceBy(120);

    expect(await rowsOf('again')).toMatchObject([{ outcome: 'success', attempt: 1 }]);
  });

  it('is undelivered once it could not begin in time any more, and its row says why', async () => {
    const { at, rowsOf } = play;

    await sendDeadLetter(startFor('too-late', at(-601)));

    expect(await rowsOf('too-late')).toMatchObject([
      {
        state: 'settled',
        outcome: 'undelivered',
        attempt: 0,
        error: { name: 'TooManyRequestsException', message: 'Rate Exceeded.' },
      },
    ]);
  });

  it('leaves no row when its job may have come and gone long since', async () => {
    const { at, rowsOf } = play;

    await sendDeadLetter(startFor('long-gone', at(-600 - 960)));

    expect(await rowsOf('long-gone')).toEqual([]);
  });

  it('is undelivered at once when its function is not there', async () => {
    const { at, cloud, scheduler, rowsOf } = play;
    const fireTime = at(60);
    const role = resourceOf(cloud, 'AWS::IAM::Role', 'SchedulingExecutionRole').attributes['Arn'];
    const letters = play.queueNamed('UndeliveredStarts').attributes['Arn'];
    // The role may call tasks of the stack only, so that the refusal is of access, as on AWS.
    await scheduler.send(
      new CreateScheduleCommand({
        Name: 'nowhere',
        GroupName: 'Almanac-dev',
        ScheduleExpression: `at(${fireTime.slice(0, -1)})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: `${LAMBDA}:Almanac-dev-task-removed`,
          RoleArn: role,
          DeadLetterConfig: { Arn: letters },
          Input: JSON.stringify(startFor('nowhere', fireTime)),
        },
      }),
    );

    await cloud.clock.advanceTo(fireTime);

    expect(await rowsOf('nowhere')).toMatchObject([
      { outcome: 'undelivered', error: { name: 'AccessDeniedException' } },
    ]);
  });

  it('by the queue waits while Lambda does not answer, and begins when it does', async () => {
    const { at, cloud, rowsOf, sqs, queueNamed } = play;
    const starter = play.functionNamed('StartJobs');
    for (let nth = 1; nth <= 9; nth += 1)
      cloud.faults.add({
        service: 'lambda',
        operation: 'Invoke',
        caller: starter,
        nth,
        when: 'before',
        do: 'error',
      });
    const start = startFor('patient', at(0));

    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueNamed('Starts').ref,
        MessageBody: JSON.stringify({ ...start, notBefore: cloud.clock.now() }),
      }),
    );
    await cloud.settle();
    expect(await rowsOf('patient')).toEqual([]);
    await cloud.clock.advanceBy(590);

    expect(await rowsOf('patient')).toMatchObject([{ fireTime: start.fireTime }]);
  });

  it('leaves every queue empty in the end', async () => {
    const { cloud, sqs, queueNamed } = play;
    await cloud.clock.advanceBy(3_600);

    const counts = await Promise.all(
      (['Starts', 'UndeliveredStarts', 'FailedInvocations', 'FailedBatches'] as const).map(
        async (name) => {
          const { Attributes } = await sqs.send(
            new GetQueueAttributesCommand({
              QueueUrl: queueNamed(name).ref,
              AttributeNames: ['All'],
            }),
          );
          return [
            Attributes?.['ApproximateNumberOfMessages'],
            Attributes?.['ApproximateNumberOfMessagesNotVisible'],
            Attributes?.['ApproximateNumberOfMessagesDelayed'],
          ];
        },
      ),
    );

    expect(counts.flat()).toEqual(Array(12).fill('0'));
  });
}
