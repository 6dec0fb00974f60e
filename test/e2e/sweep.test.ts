import {
  DeleteScheduleCommand,
  GetScheduleCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Fault } from '#local/faults.ts';
import { type CloudPlay, playOnCloud, type Row } from '#test/support/play-on-cloud.ts';

const MINUTE = 60;

/** Of each task the submitted jobs are looked at first. */
const TASKS = 4;

const RETRY = { maxAttempts: 2, delay: 30, factor: 1, maxDelay: 30 };

describe('a sweep of jobs', () => {
  let play: CloudPlay;
  let sweep: string;
  const lines: string[] = [];

  beforeAll(async () => {
    play = await playOnCloud({
      assembly: inject('assembly'),
      functionLog: (_, line) => void lines.push(line),
    });
    sweep = play.functionNamed('Sweep');
  });

  afterAll(async () => {
    await play[Symbol.asyncDispose]();
  });

  /** Defines a schedule that fires once, so many minutes from now. */
  const defineOnce = async (id: string, minutes: number, changes: Row = {}) => {
    const fireTime = play.at(minutes * MINUTE);
    const trigger = { kind: 'once', at: fireTime };
    await play.define({
      id,
      task: 'sales-report',
      trigger,
      resultExpirationTime: '1d',
      ...changes,
    });
    return fireTime;
  };
  const forget = (id: string) =>
    play.scheduler.send(new DeleteScheduleCommand({ GroupName: 'Almanac-dev', Name: id }));
  const lose = (queue: Parameters<CloudPlay['queueNamed']>[0]) =>
    play.sqs.send(new PurgeQueueCommand({ QueueUrl: play.queueNamed(queue).ref }));
  const advance = (minutes: number) => play.cloud.clock.advanceBy(minutes * MINUTE);
  const sweptToOf = async (id: string) => {
    const rows = await play.rowsOf(id, 'schedules');
    return rows.find(({ part }) => part === 'state')?.['sweptTo'];
  };

  it('starts once what EventBridge did not, and looks for no more of it', async () => {
    // So near that no sweep finds the copy missing before.
    const fireTime = await defineOnce('lost', 4);
    await forget('lost');

    await advance(9);
    expect(await play.rowsOf('lost')).toEqual([]);
    await advance(5);

    expect(await play.rowsOf('lost')).toMatchObject([{ fireTime, outcome: 'success', attempt: 1 }]);
    await advance(10);
    expect(await sweptToOf('lost')).toBe(253_402_300_799);
  });

  it('sends a retry again whose start was lost', async () => {
    await defineOnce('lost-retry', 7, {
      task: 'flaky-import',
      input: { failOnAttempt: 1 },
      retry: RETRY,
    });
    await advance(7);
    expect(await play.rowsOf('lost-retry')).toMatchObject([{ state: 'retrying', attempt: 1 }]);

    await lose('Starts');
    await advance(4);
    expect(await play.rowsOf('lost-retry')).toMatchObject([{ state: 'retrying' }]);
    await advance(10);

    expect(await play.rowsOf('lost-retry')).toMatchObject([{ outcome: 'success', attempt: 2 }]);
  });

  it.each([
    ['retried, by the policy', RETRY, { outcome: 'success', attempt: 2 }],
    ['abandoned', undefined, { outcome: 'abandoned', attempt: 1, error: { name: 'LeaseEnded' } }],
  ])('finds a dead attempt whose letter was lost, and has it %s', async (how, retry, expected) => {
    const id = `dead-${how.length}`;
    await defineOnce(id, 7, retry && { retry });
    play.cloud.faults.add({
      service: 'dynamodb',
      operation: 'UpdateItem',
      caller: 'Almanac-dev-task-sales-report',
      about: id,
      nth: 1,
      when: 'before',
      do: 'kill',
    });
    await advance(7);
    expect(await play.rowsOf(id)).toMatchObject([{ state: 'running' }]);

    await lose('FailedInvocations');
    await advance(4);
    expect(await play.rowsOf(id)).toMatchObject([{ state: 'running' }]);
    await advance(12);

    expect(await play.rowsOf(id)).toMatchObject([expected]);
  });

  it('says of a fire time that EventBridge refuses the schedule, and nobody could start it in time', async () => {
    for (let nth = 1; nth <= 60; nth += 1)
      play.cloud.faults.add({
        service: 'scheduler',
        operation: 'CreateSchedule',
        about: 'refused',
        nth,
        when: 'before',
        do: 'error',
      });

    // On a full minute, so that EventBridge is to hold it.
    const fireTime = play.at(4 * MINUTE + 30);
    const trigger = { kind: 'interval', every: 'PT1H', startAt: fireTime };
    await play.define({
      id: 'refused',
      task: 'sales-report',
      trigger,
      catchUpWindow: 60,
      resultExpirationTime: 0,
    });
    await advance(16);

    expect(await play.rowsOf('refused')).toMatchObject([
      {
        fireTime,
        outcome: 'missed',
        attempt: 0,
        error: { name: 'ScheduleRefused', message: expect.stringContaining('InternalServer') },
      },
    ]);
  });

  it('says of a fire time that a pause has left it out', async () => {
    const fireTime = await defineOnce('paused', 4, { catchUpWindow: 60 });
    await play.api.request('POST', '/v1/schedules/paused/pause', { body: {} });

    await advance(16);

    expect(await play.rowsOf('paused')).toMatchObject([
      { fireTime, outcome: 'skipped', attempt: 0, error: { name: 'SchedulePaused' } },
    ]);
  });

  it('sees to the last job of a schedule that was deleted', async () => {
    await defineOnce('deleted', 7, {
      task: 'flaky-import',
      input: { failOnAttempt: 1 },
      retry: RETRY,
    });
    await advance(7);
    await play.api.request('DELETE', '/v1/schedules/deleted');
    await lose('Starts');

    await advance(70);

    // Its input is not known any more; so it ends as its last attempt did, when no other could begin.
    expect(await play.rowsOf('deleted')).toMatchObject([{ outcome: 'error', attempt: 1 }]);
  });

  it('sends the start again of a job that someone asked for: of a schedule, and without one', async () => {
    const starts = play.functionNamed('FollowJobs');
    await defineOnce('asked', 600);
    const ask = async (path: string, body: Row) => {
      // The stream's own start is lost on its way, as a queue that was purged has it.
      play.cloud.faults.add({
        service: 'sqs',
        operation: 'SendMessage',
        caller: starts,
        nth: 1,
        when: 'before',
        do: 'kill',
      });
      const { json } = await play.api.request('POST', path, { body });
      return String(Object(json).id);
    };
    const input = { rows: 3 };
    const ids = [
      await ask('/v1/schedules/asked/run', { input }),
      await ask('/v1/jobs', { task: 'sales-report', input, resultExpirationTime: '1h' }),
    ];
    const ends = async () =>
      Promise.all(
        ids.map(async (id) => Object((await play.api.request('GET', `/v1/jobs/${id}`)).json)),
      );
    await lose('Starts');

    await advance(16);

    expect(await ends()).toMatchObject(ids.map((id) => ({ id, outcome: 'success' })));
  });

  it('has EventBridge follow again where someone has changed or deleted its copy by hand', async () => {
    const trigger = { kind: 'cron', expression: '0 9 * * *', timeZone: 'Europe/Berlin' };
    for (const id of ['drifted', 'vanished'])
      await play.define({ id, task: 'sales-report', trigger, resultExpirationTime: 0 });
    const read = (Name: string) =>
      play.scheduler.send(new GetScheduleCommand({ GroupName: 'Almanac-dev', Name }));
    const { ScheduleExpression, FlexibleTimeWindow, Target } = await read('drifted');
    const which = { GroupName: 'Almanac-dev', Name: 'drifted' };
    await play.scheduler.send(
      new UpdateScheduleCommand({
        ...which,
        ScheduleExpression,
        FlexibleTimeWindow,
        Target: { Arn: '', RoleArn: '', ...Target, Input: '{}' },
      }),
    );
    await forget('vanished');

    await advance(6);

    const [drifted, vanished] = [await read('drifted'), await read('vanished')];
    expect(drifted.Target?.Input).toContain('"scheduleId":"drifted"');
    expect(drifted.ScheduleExpressionTimezone).toBe('Europe/Berlin');
    expect(vanished.Target?.Input).toContain('"scheduleId":"vanished"');
  });

  it('takes no copy that is as it should be for one that is not', async () => {
    const schedules = {
      daily: { trigger: { kind: 'cron', expression: '0 9 * * *', timeZone: 'Europe/Berlin' } },
      odd: { trigger: { kind: 'interval', every: 'PT50M' } },
      often: { trigger: { kind: 'interval', every: 'PT1M' } },
      bounded: {
        trigger: { kind: 'interval', every: 'PT1M', startAt: play.at(330), endAt: play.at(900) },
      },
      counted: { trigger: { kind: 'interval', every: 'PT2M' }, maxJobs: 2 },
      once: { trigger: { kind: 'once', at: play.at(400) } },
      paused: { trigger: { kind: 'interval', every: 'PT15M' } },
      waiting: { trigger: { kind: 'interval', every: 'PT15M' } },
    };
    for (const [id, changes] of Object.entries(schedules))
      await play.define({
        id: `same-${id}`,
        task: 'sales-report',
        resultExpirationTime: 0,
        ...changes,
      });
    await play.api.request('POST', '/v1/schedules/same-paused/pause', { body: {} });
    const until = play.at(700);
    await play.api.request('POST', '/v1/schedules/same-waiting/pause', { body: { until } });
    await play.cloud.settle();
    lines.length = 0;

    await advance(30);

    expect(lines.filter((line) => line.includes('not as it should be'))).toEqual([]);
    expect(lines.filter((line) => line.includes('Could not look'))).toEqual([]);
  });

  it('may die at each of its calls: the next ones do what it has not done', async () => {
    const calls: readonly Pick<Fault, 'service' | 'operation' | 'nth'>[] = [
      { service: 'dynamodb', operation: 'GetItem', nth: 1 },
      { service: 'dynamodb', operation: 'Query', nth: TASKS + 1 },
      { service: 'dynamodb', operation: 'BatchGetItem', nth: 1 },
      { service: 'dynamodb', operation: 'BatchGetItem', nth: 2 },
      { service: 'dynamodb', operation: 'Query', nth: TASKS + 2 },
      { service: 'scheduler', operation: 'GetSchedule', nth: 1 },
      { service: 'sqs', operation: 'SendMessage', nth: 1 },
      { service: 'dynamodb', operation: 'UpdateItem', nth: 1 },
    ];
    // A call that only reads has no effect that could be there already.
    const deaths = calls.flatMap((call) =>
      (['SendMessage', 'UpdateItem'].includes(call.operation)
        ? (['before', 'after'] as const)
        : (['before'] as const)
      ).map((when) => ({ ...call, when })),
    );
    const ids = deaths.map((_, at) => `dying-${at}`);
    for (const [at, death] of deaths.entries()) {
      const id = `dying-${at}`;
      await defineOnce(id, 4);
      await forget(id);
      const fault = play.cloud.faults.add({ ...death, caller: sweep, do: 'kill' });
      for (let sweeps = 0; sweeps < 4 && !fault.isMet; sweeps += 1) await advance(5);
      expect([death, fault.isMet]).toEqual([death, true]);
    }
    await advance(25);

    const rows = await Promise.all(ids.map((id) => play.rowsOf(id)));
    expect(rows.map((of) => of.map(({ outcome, attempt }) => `${outcome} ${attempt}`))).toEqual(
      ids.map(() => ['success 1']),
    );
  });

  it('needs nothing that its role does not allow', () => {
    expect(play.refused).toEqual([]);
  });
});
