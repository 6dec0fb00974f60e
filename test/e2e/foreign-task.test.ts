import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DeleteScheduleCommand, GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aStart } from '#test/support/a-start.ts';
import { type CloudPlay, playOnCloud } from '#test/support/play-on-cloud.ts';

const run = promisify(execFile);

describe('a task that another function runs', () => {
  let assembly: string;
  let play: CloudPlay;
  const lines: string[] = [];

  beforeAll(async () => {
    assembly = await mkdtemp(join(tmpdir(), 'almanac-adopting-'));
    await run(process.execPath, ['test/e2e/fixtures/adopting-app.ts'], {
      env: { ...process.env, CDK_OUTDIR: assembly, CDK_VALIDATION: 'false' },
    });
    play = await playOnCloud({ assembly, functionLog: (_, line) => void lines.push(line) });
  });

  afterAll(async () => {
    await play[Symbol.asyncDispose]();
    await rm(assembly, { recursive: true });
  });

  /** Counts how often the function ran for a schedule. */
  function runsOf(id: string): number {
    return lines.filter((line) => line.includes(`greeting for ${id}`)).length;
  }

  /** Fires a schedule of the function once, and reads its job and result. */
  async function fire(id: string, input: unknown, changes: Readonly<Record<string, unknown>> = {}) {
    const { api, fireOnce } = play;
    const jobId = await fireOnce({
      id,
      task: 'greeting',
      input,
      resultExpirationTime: '1h',
      ...changes,
    });
    const job = await api.request('GET', `/v1/jobs/${jobId}`);
    const result = await api.request('GET', `/v1/jobs/${jobId}/result`);
    return { jobId, job: Object(job.json), result };
  }

  it('is called by EventBridge itself, and its job is settled with what it returned', async () => {
    const { scheduler, define, at } = play;
    await define({ id: 'looked-at', task: 'greeting', trigger: { kind: 'once', at: at(86_000) } });
    const { Target } = await scheduler.send(
      new GetScheduleCommand({ GroupName: 'Almanac-dev', Name: 'looked-at' }),
    );
    const { jobId, job, result } = await fire('greeted', { name: 'Ada' });

    expect(Target?.Arn).toMatch(
      /^arn:aws:lambda:us-east-1:000000000000:function:Almanac-dev-Greeting/,
    );
    expect(job).toMatchObject({
      id: jobId,
      task: 'greeting',
      state: 'settled',
      outcome: 'success',
      attempt: 1,
      resultState: 'stored',
    });
    expect(job).not.toHaveProperty('startedAt');
    expect(job.finishedAt).toBe(job.fireTime);
    expect(result).toMatchObject({
      status: 200,
      json: { greeting: 'Hello, Ada', scheduleId: 'greeted', fireTime: job.fireTime },
    });
  });

  it('has a large result in the payload bucket, as any task has', async () => {
    const { result } = await fire('large', { bytes: 50_000 });

    expect(result.status).toBe(303);
    expect(await play.objectsBelow('results/1d/large/')).toHaveLength(1);
  });

  it('that keeps no result has a settled job all the same', async () => {
    const { job, result } = await fire('kept-nothing', {}, { resultExpirationTime: 0 });

    expect(job).toMatchObject({ outcome: 'success', resultState: 'off' });
    expect(result).toMatchObject({ status: 404, json: { code: 'result.not-stored' } });
  });

  it.each([
    ['throw', 'error', { name: 'RangeError', message: 'Nobody is called Ada.' }],
    ['exit', 'error', { name: 'Runtime.ExitError' }],
    ['hang', 'timed-out', { name: 'Sandbox.Timedout' }],
  ])('ends as it ended where it is to %s', async (what, outcome, error) => {
    const { job } = await fire(`to-${what}`, { do: what, name: 'Ada' });

    expect(job).toMatchObject({ state: 'settled', outcome, attempt: 1, error });
  });

  it('is retried by Lambda as the stack says, and is settled after the last try, which is counted', async () => {
    const { api, cloud } = play;

    const { jobId } = await fire('tried-twice', { do: 'throw' }, { task: 'retried' });
    const between = await api.request('GET', `/v1/jobs/${jobId}`);
    await cloud.clock.advanceBy(61);
    const after = await api.request('GET', `/v1/jobs/${jobId}`);

    expect(between.status).toBe(404);
    expect(after.json).toMatchObject({ outcome: 'error', attempt: 2 });
  });

  /** Calls the function past Almanac, and waits until what it ended with has been taken up. */
  async function call(event: unknown): Promise<void> {
    const { cloud, lambda } = play;
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    const names = Functions.map(({ FunctionName = '' }) => FunctionName);
    const FunctionName = names.find((name) => name.includes('-Greeting'));
    const Payload = JSON.stringify(event);
    await lambda.send(new InvokeCommand({ FunctionName, Payload, InvocationType: 'Event' }));
    await cloud.settle();
  }

  /** Counts the ends that nobody has taken up. */
  async function endsLeft(): Promise<readonly number[]> {
    const { sqs } = play;
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    const QueueUrl = QueueUrls.find((url) => url.includes('ForeignEnds'));
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes).map(Number);
  }

  it('is settled by the end that comes first, whatever starts of it come again', async () => {
    await fire('again', { name: 'first' });
    const before = await play.rowsOf('again');
    const fireTime = String(before[0]?.['fireTime']);

    await call(
      aStart({ scheduleId: 'again', fireTime, task: 'greeting', input: { name: 'second' } }),
    );

    expect(runsOf('again')).toBe(2);
    expect(await play.rowsOf('again')).toEqual(before);
    expect(await endsLeft()).toEqual([0, 0]);
  });

  it('may have other callers: how they ended is taken up, and is no job', async () => {
    await call({ input: { name: 'someone' }, scheduleId: 'other-caller' });

    expect(await play.rowsOf('other-caller')).toEqual([]);
    expect(await endsLeft()).toEqual([0, 0]);
  });

  it('runs once near a change of its schedule, as the second start finds the job settled', async () => {
    const { cloud, define, api, at } = play;
    const fireTime = at(20);

    await define({
      id: 'near',
      task: 'greeting',
      trigger: { kind: 'once', at: fireTime },
      resultExpirationTime: '1h',
    });
    await cloud.clock.advanceBy(200);
    const { json } = await api.request('GET', '/v1/schedules/near/jobs');

    expect(json).toMatchObject({ data: [{ fireTime, outcome: 'success' }] });
    expect(runsOf('near')).toBe(1);
  });

  it('is missed where its start was lost, once no run of it could still end, and is not run that late', async () => {
    const { cloud, define, scheduler, at, rowsOf } = play;
    const fireTime = at(240);
    const trigger = { kind: 'once', at: fireTime };
    await define({ id: 'lost', task: 'greeting', trigger, resultExpirationTime: '1d' });
    await scheduler.send(new DeleteScheduleCommand({ GroupName: 'Almanac-dev', Name: 'lost' }));

    await cloud.clock.advanceBy(240 + 3_600 + 4_560);
    const before = await rowsOf('lost');
    await cloud.clock.advanceBy(900);

    expect(before).toEqual([]);
    expect(await rowsOf('lost')).toMatchObject([
      { fireTime, outcome: 'missed', error: { name: 'StartLost' } },
    ]);
    expect(runsOf('lost')).toBe(0);
  });

  it('needs nothing that its roles do not allow', () => {
    expect(play.refused).toEqual([]);
  });
});
