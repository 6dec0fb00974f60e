import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Fault } from '#local/faults.ts';
import { type CloudPlay, playOnCloud } from '#test/support/play-on-cloud.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';

const TASK = 'Almanac-dev-task-sales-report';

/** Past the lease of a dead attempt, its grace, and the messages on the way. */
const LONG_AFTER_SECONDS = 600;

const RETRY = { maxAttempts: 2, delay: 10, factor: 1, maxDelay: 10 };

/** A report of about 40 KB compressed, so that S3 has it. */
const LARGE = { rows: 5_000 };

type Call = Pick<Fault, 'service' | 'operation'>;

const CLAIM: Call = { service: 'dynamodb', operation: 'PutItem' };
const SETTLE: Call = { service: 'dynamodb', operation: 'UpdateItem' };
const STORE: Call = { service: 's3', operation: 'PutObject' };

let play: CloudPlay;

beforeAll(async () => {
  play = await playOnCloud({ assembly: inject('assembly') });
  await stopSweeps(play);
});

afterAll(async () => {
  await play[Symbol.asyncDispose]();
});

describe('a crash', () => {
  let firings = 0;

  /** Fires a job that meets faults, goes long past it, and gives its row. */
  async function fireInto(
    faults: readonly Fault[],
    schedule: Readonly<Record<string, unknown>> = {},
  ) {
    firings += 1;
    const id = `crash-${firings}`;
    for (const fault of faults) play.cloud.faults.add(fault);
    play.cloud.requests.reset();
    const jobId = await play.fireOnce({
      id,
      task: 'sales-report',
      input: LARGE,
      resultExpirationTime: '1d',
      ...schedule,
    });
    await play.cloud.clock.advanceBy(LONG_AFTER_SECONDS);
    const rows = await play.rowsOf(id);
    const { status } = await play.api.request('GET', `/v1/jobs/${jobId}/result`);
    return { id, rows, status };
  }

  const at = (call: Call, when: Fault['when'], doing: Fault['do'] = 'kill'): Fault => ({
    ...call,
    caller: TASK,
    nth: 1,
    when,
    do: doing,
  });

  it.each([
    ['before the claim', at(CLAIM, 'before'), 'success'],
    ['after the claim', at(CLAIM, 'after'), 'abandoned'],
    ['before the result lies in S3', at(STORE, 'before'), 'abandoned'],
    ['after it lies there', at(STORE, 'after'), 'abandoned'],
    ['before the settle', at(SETTLE, 'before'), 'abandoned'],
    ['after the settle', at(SETTLE, 'after'), 'success'],
  ] as const)('%s leads to one settled outcome', async (_, fault, outcome) => {
    const { rows, status } = await fireInto([fault]);

    expect(rows).toMatchObject([{ state: 'settled', outcome, attempt: 1 }]);
    expect(status).toBe(outcome === 'success' ? 303 : 404);
  });

  it.each([
    ['after the claim', at(CLAIM, 'after')],
    ['after the result lies in S3', at(STORE, 'after')],
    ['before the settle', at(SETTLE, 'before')],
  ])('%s is made good by the next attempt where the policy allows one', async (_, fault) => {
    const { rows, status } = await fireInto([fault], { retry: RETRY });

    expect(rows).toMatchObject([{ state: 'settled', outcome: 'success', attempt: 2 }]);
    expect(rows[0]).not.toHaveProperty('error');
    expect(status).toBe(303);
  });

  it.each([
    ['claim', CLAIM],
    ['result', STORE],
    ['settle', SETTLE],
  ])('of the connection that loses the answer to the %s changes nothing', async (_, call) => {
    const { rows, status } = await fireInto([at(call, 'after', 'drop')]);

    expect(play.callsOf(TASK, call.operation)).toBe(2);
    expect(rows).toMatchObject([{ state: 'settled', outcome: 'success', attempt: 1 }]);
    expect(status).toBe(303);
  });

  it('between a retry’s start and the write that lets the job go loses neither', async () => {
    const flaky = { ...at(SETTLE, 'before'), caller: 'Almanac-dev-task-flaky-import' };

    const { rows } = await fireInto([flaky], {
      task: 'flaky-import',
      input: { failOnAttempt: 1 },
      retry: RETRY,
    });

    expect(rows).toMatchObject([{ state: 'settled', outcome: 'success', attempt: 2 }]);
  });

  it('of the projection before it has called EventBridge delays the schedule, and loses nothing', async () => {
    const projector = play.functionNamed('ProjectSchedules');
    const { rows } = await fireInto([
      {
        service: 'scheduler',
        operation: 'CreateSchedule',
        caller: projector,
        nth: 1,
        when: 'before',
        do: 'kill',
      },
    ]);

    expect(play.callsOf(projector, 'CreateSchedule')).toBe(2);
    expect(rows).toMatchObject([{ outcome: 'success', attempt: 1 }]);
  });

  it('of the projection before it has noted that EventBridge follows is repeated without harm', async () => {
    const projector = play.functionNamed('ProjectSchedules');
    const { id, rows } = await fireInto([
      { ...SETTLE, caller: projector, nth: 1, when: 'before', do: 'kill' },
    ]);
    const { json } = await play.api.request('GET', `/v1/schedules/${id}`);

    expect(play.callsOf(projector, 'UpdateItem')).toBe(2);
    expect(rows).toMatchObject([{ outcome: 'success', attempt: 1 }]);
    expect(json).toMatchObject({ sync: { state: 'completed' } });
  });

  it('of the settler itself leaves the dead letter, which it takes up again', async () => {
    const settler = play.functionNamed('SettleUndelivered');

    const { rows } = await fireInto(
      [at(CLAIM, 'after'), { ...SETTLE, caller: settler, nth: 1, when: 'before', do: 'kill' }],
      { retry: RETRY },
    );

    // It looked while the lease held, was killed at its end, and has looked again.
    expect(play.callsOf(settler, 'GetItem')).toBe(3);
    expect(rows).toMatchObject([{ state: 'settled', outcome: 'success', attempt: 2 }]);
  });

  it('of what follows the jobs counts each of them once all the same', async () => {
    const follower = play.functionNamed('FollowJobs');
    const { id } = await fireInto([
      { ...CLAIM, caller: follower, nth: 1, when: 'after', do: 'kill' },
      { ...CLAIM, caller: follower, nth: 3, when: 'before', do: 'kill' },
    ]);

    expect(await play.rowsOf(id, 'usage')).toMatchObject([
      { part: 'day#2026-03-02', jobs: { success: 1 } },
      { part: 'total', jobs: { success: 1 }, written: { s3: { count: 1 } } },
    ]);
  });
});

describe('an end that cannot be written to its row', () => {
  it('is completed from the bucket, with its result, once the table answers again', async () => {
    const { api, cloud, fireOnce, rowsOf, objectsBelow } = play;
    cloud.requests.reset();
    // More often than the client tries.
    for (const nth of [1, 2, 3, 4, 5, 6])
      cloud.faults.add({ ...SETTLE, caller: TASK, nth, when: 'before', do: 'error' });

    const jobId = await fireOnce({
      id: 'unsettled',
      task: 'sales-report',
      resultExpirationTime: '1d',
    });
    const result = await api.request('GET', `/v1/jobs/${jobId}/result`);

    const calls = cloud.requests.snapshot().map(({ caller, operation }) => [caller, operation]);
    expect(calls).toContainEqual([TASK, 'PutObject']);
    expect(calls).toContainEqual([play.functionNamed('SettleUndelivered'), 'DeleteObject']);
    expect(await rowsOf('unsettled')).toMatchObject([{ outcome: 'success', attempt: 1 }]);
    expect(await objectsBelow('unsettled/')).toEqual([]);
    expect(result).toMatchObject({ status: 200, json: { rows: { length: 20 } } });
  });
});
