import { InvokeCommand } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateScheduleCommand, DeleteScheduleCommand } from '@aws-sdk/client-scheduler';
import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TASKS } from '#infra/tasks.ts';
import type { Fault } from '#local/faults.ts';
import { encodeUnsettledJob } from '#shared/domain/job/unsettled-job.ts';
import { unsettledKey } from '#shared/domain/result/payload-class.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import { aStart } from '#test/support/a-start.ts';
import { type CloudPlay, playOnCloud, type Row } from '#test/support/play-on-cloud.ts';
import { resourceOf } from '#test/support/resource-of.ts';
import { type CountingPage, serveCountingPage } from '#test/support/serve-counting-page.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';

const RETRY = { maxAttempts: 2, delay: 30, factor: 1, maxDelay: 30 };

describe('the roles of the stack', () => {
  let play: CloudPlay;
  let page: CountingPage;

  beforeAll(async () => {
    play = await playOnCloud({ assembly: inject('assembly') });
    page = await serveCountingPage();
    await runSchedules();
    await askForJobs();
    await keepAndCatchUp();
    await refuseAndRepair();
    await loseWrites();
    await runPlannedSchedules();
    await leaveToTheSweep();
    await stopSweeps(play, /Sweep/);
    await auditByNightAndByHand();
    await stopSweeps(play);
    await failAtTheEdges();
    await play.cloud.clock.advanceBy(3 * 86_400);
    // All that the stack can do, one thing after another.
  }, 240_000);

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

  /** What a task takes that asks for a URL, or for nothing. */
  const inputFor = ({ required = [] }: { readonly required?: unknown } & Row) =>
    Array.isArray(required) && required.includes('url') ? { url: page.url } : {};

  /** Defines, reads, changes, lists and deletes schedules, of every task and near their fire times. */
  async function runSchedules(): Promise<void> {
    const { define, fireOnce, cloud } = play;
    for (const { id: task, inputSchema } of TASKS) {
      const input = inputFor(inputSchema);
      const near = { ...report, task, input, trigger: once(20), overlap: 'buffer-all' };
      await define({ id: `near-${task}`, ...near });
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
    const archived = { ...report, archive: { after: 'expiry', keep: '1y' } };
    const jobId = await fireOnce({ id: 'large', ...archived, input: { rows: 20_000 } });
    await fireOnce({ id: 'told', ...report, resultExpirationTime: '26h', announceExpiry: true });
    await ask('GET', '/v1/schedules/large/jobs');
    for (const path of ['/jobs', '/jobs?failed=true', '/usage', '/usage/large'])
      expect((await ask('GET', `/v1${path}`)).status).toBe(200);
    const { headers } = await ask('GET', `/v1/jobs/${jobId}/result`);
    expect((await fetch(headers.get('location') ?? '')).status).toBe(200);
  }

  /** Runs a task, and a schedule, by hand. */
  async function askForJobs(): Promise<void> {
    await ask('POST', '/v1/jobs', { task: 'sales-report' });
    await ask('POST', '/v1/schedules/large/run', {});
    await play.cloud.settle();
    const retry = { maxAttempts: 2, delay: 900 };
    const flaky = { task: 'flaky-import', input: { failOnAttempt: 1 }, retry };
    const { json } = await ask('POST', '/v1/jobs', flaky);
    await play.cloud.settle();
    expect((await ask('POST', `/v1/jobs/${Object(json).id}/cancel`)).status).toBe(200);
  }

  /** Has a schedule keep its last result alone and catch up with fire times that have passed, one keep a result longer, and one pause itself. */
  async function keepAndCatchUp(): Promise<void> {
    const { at, cloud, define, fireOnce } = play;
    const trigger = { kind: 'interval', every: 'PT5M' };
    const from = at(-3_600);
    await define({ id: 'kept', ...report, trigger, keepLast: 1, recordExpirationTime: '2d' });
    const failing = { task: 'flaky-import', input: { fail: true }, pauseAfterFailures: 1 };
    await fireOnce({ id: 'failing', ...failing });
    cloud.faults.add({
      service: 'dynamodb',
      operation: 'PutItem',
      caller: play.functionNamed('RunBackfill'),
      nth: 1,
      when: 'before',
      do: 'kill',
    });
    const backfill = { from, to: at(-600) };
    expect((await ask('POST', '/v1/schedules/kept/backfill', backfill)).status).toBe(202);
    await cloud.clock.advanceBy(900);
    const jobId = await fireOnce({ id: 'longer', ...report, input: { rows: 20_000 } });
    const longer = { resultExpirationTime: '30d' };
    expect((await ask('PATCH', `/v1/jobs/${jobId}/retention`, longer)).status).toBe(200);
    await ask('DELETE', '/v1/schedules/kept');
    await backdate();
  }

  /** Has the policy of a schedule hold for a job that is there, while a step of that is killed, and an answer lost. */
  async function backdate(): Promise<void> {
    const { cloud, fireOnce, functionNamed, rowsOf } = play;
    await fireOnce({ id: 'backdated', ...report, input: { rows: 20_000 } });
    const fault = { service: 'dynamodb', caller: functionNamed('RunBackdating'), nth: 1 } as const;
    cloud.faults.add({ ...fault, operation: 'PutItem', when: 'before', do: 'kill' });
    cloud.faults.add({ ...fault, operation: 'UpdateItem', when: 'after', do: 'drop' });
    const body = { resultExpirationTime: '100d' };
    await ask('PATCH', '/v1/schedules/backdated?applyToExisting=true', body);
    await cloud.clock.advanceBy(120);
    // It waits for the one before, by the starts queue.
    await ask('POST', '/v1/schedules/backdated/backdate');
    await cloud.clock.advanceBy(300);
    const [{ payload } = {}] = await rowsOf('backdated');
    expect(Object(payload).key).toMatch('results/365d/');
  }

  /** Has EventBridge refuse a schedule until it is tried again, and sends a start that comes before it is due. */
  async function refuseAndRepair(): Promise<void> {
    failCalls({ service: 'scheduler', operation: 'CreateSchedule' });
    await play.define({ id: 'refused', ...report, trigger: once(3_600) });
    await play.cloud.clock.advanceBy(600);
    const patient = aStart({
      scheduleId: 'patient',
      fireTime: play.at(1_200),
      task: 'sales-report',
    });
    await play.sqs.send(
      new SendMessageCommand({
        QueueUrl: play.queueNamed('Starts').ref,
        MessageBody: JSON.stringify({ ...patient, notBefore: play.cloud.clock.now() + 1_200 }),
      }),
    );
    await play.cloud.clock.advanceBy(3_600);
  }

  /** Keeps each task from writing its end, and kills one attempt of each, whose next start then has to wait for the lease. */
  async function loseWrites(): Promise<void> {
    const { at, cloud, fireOnce, lambda } = play;
    for (const { id: task, inputSchema } of TASKS) {
      const caller = `Almanac-dev-task-${task}`;
      const input = inputFor(inputSchema);
      failCalls({ service: 'dynamodb', operation: 'UpdateItem', caller });
      await fireOnce({ id: `lost-${task}`, ...report, task, input });
      const policy = { resultExpirationTime: 3_600, retry: RETRY };
      const start = aStart({ scheduleId: `killed-${task}`, fireTime: at(0), task, input, policy });
      cloud.faults.add({
        service: 'dynamodb',
        operation: 'PutItem',
        caller,
        nth: 1,
        when: 'after',
        do: 'kill',
      });
      for (const attempt of [1, 2]) {
        const Payload = JSON.stringify({ ...start, attempt });
        await lambda.send(
          new InvokeCommand({ FunctionName: caller, Payload, InvocationType: 'Event' }),
        );
        await cloud.settle();
      }
    }
    await cloud.clock.advanceBy(600);
  }

  /**
   * Fires a planned schedule, kills what moves its plan, and takes EventBridge's copy away, so that the sweep finds it too late to
   * run; then leaves a refused schedule, and a sweep, as if they had stopped half-way.
   */
  async function runPlannedSchedules(): Promise<void> {
    const { cloud, define, scheduler, tables } = play;
    const trigger = { kind: 'interval', every: 'PT7M' };
    const advance = play.functionNamed('AdvanceSchedule');
    await define({ id: 'planned', ...report, trigger, misfireGraceTime: 60 });
    await cloud.clock.advanceBy(900);
    cloud.faults.add({
      service: 'dynamodb',
      operation: 'UpdateItem',
      caller: advance,
      nth: 1,
      when: 'before',
      do: 'kill',
    });
    await cloud.clock.advanceBy(900);
    await scheduler.send(new DeleteScheduleCommand({ GroupName: 'Almanac-dev', Name: 'planned' }));
    await tables.send(
      new UpdateCommand({
        TableName: cloud.endpoints.tables.schedules,
        Key: { scheduleId: 'near-sales-report', part: 'state' },
        UpdateExpression: 'SET sync.#state = :failed, sync.#error = :error',
        ExpressionAttributeNames: { '#state': 'state', '#error': 'error' },
        ExpressionAttributeValues: {
          ':failed': 'failed',
          ':error': { code: 'x', message: 'x', attempts: 1, retryAt: cloud.clock.now() - 600 },
        },
      }),
    );
    await tables.send(
      new PutCommand({
        TableName: cloud.endpoints.tables.schedules,
        Item: { scheduleId: '#sweep', part: 'cursor', cursor: 'elsewhere/' },
      }),
    );
    await cloud.clock.advanceBy(1_800);
    await ask('DELETE', '/v1/schedules/planned');
    await cloud.settle();
  }

  /** Has a pause leave out what fires and what would follow, and two attempts die unseen, of which one has left its end in the bucket. */
  async function leaveToTheSweep(): Promise<void> {
    const { at, cloud, define, rowsOf, s3, sqs } = play;
    await define({ id: 'left-out', ...report, trigger: once(960), catchUpWindow: 60 });
    await define({ id: 'follower', ...report, trigger: { kind: 'after', schedule: 'dead' } });
    for (const id of ['left-out', 'follower']) await ask('POST', `/v1/schedules/${id}/pause`);
    const caller = 'Almanac-dev-task-sales-report';
    const kill = { caller, nth: 1, when: 'before', do: 'kill' } as const;
    for (const about of ['mute', 'dead']) {
      cloud.faults.add({ service: 'dynamodb', operation: 'UpdateItem', about, ...kill });
      await define({ id: about, ...report, trigger: once(900) });
    }
    await cloud.clock.advanceBy(900);
    const [{ fireTime = '', owner = '' } = {}] = await rowsOf('dead');
    const place = {
      key: { scheduleId: 'dead', fireTime: String(fireTime) },
      attempt: 1,
      owner: String(owner),
    };
    const now = cloud.clock.now();
    const expiry = resolveExpiry({
      policy: { resultExpirationTime: 86_400 },
      outcome: 'success',
      finishedAt: now,
      deliverBy: now,
      leaseSeconds: 0,
    });
    const settlement = { outcome: 'success', finishedAt: now, expiry } as const;
    await s3.send(
      new PutObjectCommand({
        Bucket: cloud.endpoints.bucket,
        Key: unsettledKey(place),
        Body: encodeUnsettledJob({ ...place, settlement }),
      }),
    );
    await sqs.send(new PurgeQueueCommand({ QueueUrl: play.queueNamed('FailedInvocations').ref }));
    await cloud.clock.advanceTo(at(1_200));
    expect(await rowsOf('dead')).toMatchObject([{ outcome: 'success' }]);
    expect(await rowsOf('left-out')).toMatchObject([{ outcome: 'skipped' }]);
    expect(await rowsOf('mute')).toMatchObject([{ outcome: 'abandoned' }]);
    expect(await rowsOf('follower')).toMatchObject([{ outcome: 'skipped' }]);
  }

  /** Leaves an orphan and an end that was written in the bucket for a night, and asks for an audit. */
  async function auditByNightAndByHand(): Promise<void> {
    const { cloud, s3, objectsBelow } = play;
    const orphan = 'results/7d/gone/20260302T080000Z/1-planted00001';
    const leftover = 'unsettled/gone/20260302T080000Z/1-planted00001';
    for (const Key of [orphan, leftover])
      await s3.send(new PutObjectCommand({ Bucket: cloud.endpoints.bucket, Key, Body: '{}' }));
    await cloud.clock.advanceBy(2 * 86_400);
    expect(await objectsBelow('unsettled/')).toEqual([]);
    expect((await ask('POST', '/v1/audits')).status).toBe(202);
    const restored = { scheduleId: 'large', from: '2026-03-03', to: '2026-03-03' };
    const answer = await ask('POST', '/v1/archive/restore', {
      ...restored,
      resultExpirationTime: 60,
    });
    expect(answer.json).toMatchObject({ restored: 2 });
    await cloud.settle();
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

    // A task may read another job, and may return more than a row holds: whether it does is up to its own code.
    const history = { actions: ['dynamodb:GetItem', 'dynamodb:Query'], resources: [] };
    const large = {
      actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      resources: ['results/*'],
    };
    // A bucket that one invocation goes through needs no other.
    const goOn = { actions: ['sqs:SendMessage'], resources: [''] };
    expect(unused).toEqual([
      { role: 'Taskuptimecheck', ...history },
      { role: 'Taskuptimecheck', ...large },
      { role: 'Taskhttprequest', ...history },
      { role: 'Taskhttprequest', ...large },
      { role: 'Tasksalesreport', ...history },
      {
        role: 'Tasksalesreport',
        actions: ['s3:AbortMultipartUpload', 's3:GetObject'],
        resources: [],
      },
      { role: 'Taskflakyimport', ...history },
      { role: 'Taskflakyimport', ...large },
      { role: 'AuditStorage', ...goOn },
    ]);
  });
});
