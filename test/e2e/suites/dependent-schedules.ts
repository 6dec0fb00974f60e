import { beforeAll, expect, it } from 'vitest';
import type { Fault } from '#local/faults.ts';
import type { CloudPlay, Row } from '#test/support/play-on-cloud.ts';

const REPORT = { task: 'sales-report', input: { rows: 1 }, resultExpirationTime: '1d' };
const FAILING = { task: 'flaky-import', input: { fail: true }, resultExpirationTime: '1d' };

const following = (schedule: string, outcome: unknown = 'success') => ({
  kind: 'after',
  schedule,
  outcome,
});

/** Schedules that are started by the jobs of others. */
export function dependentSchedules(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  const outcomesOf = async (id: string) =>
    (await play.rowsOf(id)).map(({ fireTime, outcome }) => `${fireTime} ${outcome}`);
  const request = async (method: string, path: string, body?: Row) => {
    const { status, text, json } = await play.api.request(method, path, { ...(body && { body }) });
    expect([status, text]).toEqual([expect.toBeOneOf([200, 202, 204]), expect.any(String)]);
    await play.cloud.settle();
    return Object(json);
  };
  /** Fires a schedule once, and gives its fire time. */
  const fire = async (schedule: Row & { readonly id: string }) => {
    const fireTime = play.at(900);
    await play.fireOnce(schedule);
    return fireTime;
  };

  it('runs after a job of the other, and so does one that comes after it, all under one fire time', async () => {
    await play.define({ id: 'second', trigger: following('first'), ...REPORT });
    await play.define({ id: 'third', trigger: following('second', 'any'), ...REPORT });

    const fireTime = await fire({ id: 'first', ...REPORT });

    expect(await outcomesOf('first')).toEqual([`${fireTime} success`]);
    expect(await outcomesOf('second')).toEqual([`${fireTime} success`]);
    expect(await outcomesOf('third')).toEqual([`${fireTime} success`]);
    const second = await request('GET', '/v1/schedules/second');
    expect(second).toMatchObject({ sync: { state: 'active' }, nextFireTime: null });
  });

  it('runs after the outcomes that it names, and after no other', async () => {
    await play.define({ id: 'on-success', trigger: following('failing'), ...REPORT });
    await play.define({ id: 'on-error', trigger: following('failing', ['error']), ...REPORT });

    const fireTime = await fire({ id: 'failing', ...FAILING });

    expect(await outcomesOf('on-success')).toEqual([]);
    expect(await outcomesOf('on-error')).toEqual([`${fireTime} success`]);
  });

  it('runs after a job that someone asked for, under its name', async () => {
    await play.define({
      id: 'asked-for',
      trigger: { kind: 'once', at: play.at(9_000) },
      ...REPORT,
    });
    await play.define({ id: 'follower', trigger: following('asked-for'), ...REPORT });

    const { id } = await request('POST', '/v1/schedules/asked-for/run');

    const [, name] = String(id).split('@');
    const [row] = await play.rowsOf('follower');
    expect(String(row?.['fireTime']).replaceAll(/[-:]/g, '')).toBe(name);
    expect(row).toMatchObject({ outcome: 'success' });
  });

  it('costs one look for dependents, one at the dependent, and one message', async () => {
    const caller = play.functionNamed('FollowJobs');
    await play.define({ id: 'counted-next', trigger: following('counted'), ...REPORT });
    play.cloud.requests.reset();

    await fire({ id: 'counted', ...REPORT });

    // One of the queries looks for what comes after the dependent in turn.
    expect(play.callsOf(caller, 'Query')).toBe(3);
    expect(play.callsOf(caller, 'SendMessage')).toBe(1);
    expect(play.callsOf(caller, 'PutItem')).toBe(4);
  });

  it.each<[string, Pick<Fault, 'service' | 'operation' | 'when' | 'do'>]>([
    [
      'killed after the send',
      { service: 'sqs', operation: 'SendMessage', when: 'after', do: 'kill' },
    ],
    [
      'killed before the sums',
      { service: 'dynamodb', operation: 'GetItem', when: 'before', do: 'kill' },
    ],
    [
      'refused by the queue',
      { service: 'sqs', operation: 'SendMessage', when: 'before', do: 'error' },
    ],
    [
      'left without an answer',
      { service: 'dynamodb', operation: 'Query', when: 'after', do: 'drop' },
    ],
  ])('runs once where what follows the stream is %s', async (how, fault) => {
    const id = how.replaceAll(' ', '-');
    const caller = play.functionNamed('FollowJobs');
    await play.define({ id: `${id}-next`, trigger: following(id), ...REPORT });
    play.cloud.faults.add({ ...fault, caller, nth: 1 });
    play.cloud.requests.reset();

    const fireTime = await fire({ id, ...REPORT });
    await play.cloud.clock.advanceBy(300);

    expect(await outcomesOf(`${id}-next`)).toEqual([`${fireTime} success`]);
    expect(play.callsOf(caller, fault.operation)).toBeGreaterThan(1);
    expect((await play.rowsOf(id, 'usage')).find(({ part }) => part === 'total')).toMatchObject({
      jobs: { success: 1 },
    });
  });

  it('is skipped while it is paused, and does not run once it is deleted', async () => {
    await play.define({ id: 'paused', trigger: following('steady'), ...REPORT });
    await play.define({ id: 'deleted', trigger: following('steady'), ...REPORT });
    await request('POST', '/v1/schedules/paused/pause', {});
    await request('DELETE', '/v1/schedules/deleted');

    const fireTime = await fire({ id: 'steady', ...REPORT });
    await request('POST', '/v1/schedules/paused/resume', { catchUp: 'all' });
    await play.cloud.clock.advanceBy(120);
    const { id } = await request('POST', '/v1/schedules/steady/run');

    const paused = await play.rowsOf('paused');
    expect(paused).toMatchObject([
      { fireTime, outcome: 'skipped', attempt: 0, error: { name: 'SchedulePaused' } },
      { outcome: 'success' },
    ]);
    expect(String(id).slice(-26)).toBe(String(paused[1]?.['fireTime']).slice(-26));
    expect(await outcomesOf('deleted')).toEqual([]);
  });

  it('follows another from the change of its trigger on, and no longer the one before', async () => {
    await play.define({ id: 'left', trigger: { kind: 'once', at: play.at(9_000) }, ...REPORT });
    await play.define({ id: 'right', trigger: { kind: 'once', at: play.at(9_000) }, ...REPORT });
    await play.define({ id: 'mover', trigger: following('left'), ...REPORT });
    await request('POST', '/v1/schedules/right/run');
    await play.cloud.clock.advanceBy(60);

    await request('PUT', '/v1/schedules/mover', { ...REPORT, trigger: following('right') });
    await request('POST', '/v1/schedules/left/run');
    const before = await outcomesOf('mover');
    await request('POST', '/v1/schedules/right/run');

    expect(before).toEqual([]);
    expect(await outcomesOf('mover')).toHaveLength(1);
  });
}
