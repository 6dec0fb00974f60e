import { InvokeCommand } from '@aws-sdk/client-lambda';
import { CreateScheduleCommand } from '@aws-sdk/client-scheduler';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Fault } from '#local/faults.ts';
import { aStart } from '#test/support/a-start.ts';
import { type CloudPlay, playOnCloud, type Row } from '#test/support/play-on-cloud.ts';
import { resourceOf } from '#test/support/resource-of.ts';
import { type CountingPage, serveCountingPage } from '#test/support/serve-counting-page.ts';

const TASKS = ['uptime-check', 'sales-report', 'flaky-import'] as const;
const RETRY = { maxAttempts: 2, delay: 30, factor: 1, maxDelay: 30 };

describe('the roles of the stack', () => {
  let play: CloudPlay;
  let page: CountingPage;

  beforeAll(async () => {
    play = await playOnCloud({ assembly: inject('assembly') });
    page = await serveCountingPage();
    await runSchedules();
    await refuseAndRepair();
    await loseWrites();
    await failAtTheEdges();
    await play.cloud.clock.advanceBy(3 * 86_400);
  });

  afterAll(async () => {
    await page[Symbol.asyncDispose]();
    await play[Symbol.asyncDispose]();
  });

  const report = { task: 'sales-report', resultExpirationTime: '1d' };
  const once = (seconds: number) => ({ kind: 'once', at: play.at(seconds) });
  const ask = (method: string, path: string, body?: Row) =>
    play.api.request(method, path, { body });
  const failCalls = (fault: Omit<Fault, 'nth' | 'when' | 'do'>) => {
    for (let nth = 1; nth <= 6; nth += 1)
      play.cloud.faults.add({ ...fault, nth, when: 'before', do: 'error' });
  };

  /** Defines, reads, changes, lists and deletes schedules, of every task and near their fire times. */
  async function runSchedules(): Promise<void> {
    const { define, fireOnce, cloud } = play;
    for (const task of TASKS) {
      const input = task === 'uptime-check' ? { url: page.url } : {};
      await define({ id: `near-${task}`, ...report, task, input, trigger: once(20) });
    }
    await cloud.clock.advanceBy(300);
    await define({ id: 'moved', ...report, trigger: once(600) });
    await ask('PUT', '/v1/schedules/moved', { ...report, trigger: once(500) });
    await cloud.clock.advanceBy(510);
    await ask('PUT', '/v1/schedules/moved', { ...report, trigger: once(1_200) });
    await cloud.settle();
    await ask('GET', '/v1/schedules?limit=2');
    await ask('DELETE', '/v1/schedules/moved');
    await cloud.settle();
    const jobId = await fireOnce({ id: 'large', ...report, input: { rows: 20_000 } });
    await ask('GET', '/v1/schedules/large/jobs');
    const { headers } = await ask('GET', `/v1/jobs/${jobId}/result`);
    expect((await fetch(headers.get('location') ?? '')).status).toBe(200);
  }

  /** Has EventBridge refuse a schedule until it is tried again, and an attempt wait longer than SQS can delay. */
  async function refuseAndRepair(): Promise<void> {
    failCalls({ service: 'scheduler', operation: 'CreateSchedule' });
    await play.define({ id: 'refused', ...report, trigger: once(3_600) });
    await play.cloud.clock.advanceBy(600);
    await play.fireOnce({
      id: 'patient',
      ...report,
      task: 'flaky-import',
      input: { failOnAttempt: 1 },
      retry: { ...RETRY, delay: 1_800, maxDelay: 1_800 },
    });
    await play.cloud.clock.advanceBy(7_200);
  }

  /** Keeps each task from writing its ends, fails each so that it is tried again, and kills one. */
  async function loseWrites(): Promise<void> {
    const policy = { resultExpirationTime: 3_600, retry: RETRY };
    for (const task of TASKS) {
      const caller = `Almanac-dev-task-${task}`;
      const input = task === 'uptime-check' ? { url: page.url } : {};
      failCalls({ service: 'dynamodb', operation: 'UpdateItem', caller });
      await play.fireOnce({ id: `unsettled-${task}`, ...report, task, input });
      const bad = {
        'uptime-check': {},
        'sales-report': { rows: -1 },
        'flaky-import': { fail: true },
      };
      const start = aStart({
        scheduleId: `bad-${task}`,
        fireTime: play.at(0),
        task,
        input: bad[task],
        policy,
      });
      await play.lambda.send(
        new InvokeCommand({
          FunctionName: caller,
          Payload: JSON.stringify(start),
          InvocationType: 'Event',
        }),
      );
      await play.cloud.settle();
    }
    const caller = 'Almanac-dev-task-sales-report';
    play.cloud.faults.add({
      service: 'dynamodb',
      operation: 'PutItem',
      caller,
      nth: 1,
      when: 'after',
      do: 'kill',
    });
    await play.fireOnce({ id: 'killed', ...report, retry: RETRY });
    await play.cloud.clock.advanceBy(600);
  }

  /** Lets EventBridge give an event up, and puts rows into the tables that nothing can follow. */
  async function failAtTheEdges(): Promise<void> {
    const { at, cloud, scheduler, tables } = play;
    const fireTime = at(60);
    await scheduler.send(
      new CreateScheduleCommand({
        Name: 'nowhere',
        GroupName: 'Almanac-dev',
        ScheduleExpression: `at(${fireTime.slice(0, -1)})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: 'arn:aws:lambda:us-east-1:000000000000:function:Almanac-dev-task-removed',
          RoleArn: resourceOf(cloud, 'AWS::IAM::Role', 'SchedulingExecutionRole').attributes['Arn'],
          DeadLetterConfig: { Arn: play.queueNamed('UndeliveredStarts').attributes['Arn'] },
          Input: JSON.stringify(aStart({ scheduleId: 'nowhere', fireTime })),
        },
      }),
    );
    const { jobs, schedules } = cloud.endpoints.tables;
    const strange = { scheduleId: 'strange', fireTime: '2026-03-02T00:00:00Z', state: 'settled' };
    await tables.send(new PutCommand({ TableName: jobs, Item: strange }));
    const pending = { scheduleId: 'strange', part: 'state', sync: { state: 'pending' } };
    await tables.send(new PutCommand({ TableName: schedules, Item: pending }));
    await cloud.clock.advanceBy(7 * 3_600);
  }

  it('were never asked for more than they grant', () => {
    const denied = play.refused.map(({ caller, service, operation }) => [
      caller,
      service,
      operation,
    ]);

    expect(denied).toEqual([]);
  });

  it('grant nothing that no part of the system needs', () => {
    const unused = play.cloud.policies
      .unused()
      // What a function writes to its log goes to its standard output here, and past the policies.
      .filter(({ actions }) => !actions.some((action) => action.startsWith('logs:')))
      .map(({ roleArn, actions, resources }) => ({
        role: /Almanac-dev-(\w+)Role/.exec(roleArn)?.[1],
        actions,
        resources: resources.map((resource) => resource.split('/').slice(1).join('/')),
      }));

    // Every task may return more than a row holds; of the three examples only one ever does.
    const largeResults = { actions: [], resources: ['results/*'] };
    expect(unused).toEqual([
      { role: 'Taskuptimecheck', ...largeResults },
      { role: 'Taskflakyimport', ...largeResults },
    ]);
  });
});
