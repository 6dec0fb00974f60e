import { DeleteScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Fault } from '#local/faults.ts';
import { fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { type CloudPlay, playOnCloud, type Row } from '#test/support/play-on-cloud.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';

const DAY = 86_400;
const MINUTE = 60;

const REPORT = { task: 'sales-report', input: { rows: 1 }, resultExpirationTime: '400d' };

/** The third day from the end of a month that is none of a weekend, at nine: counted, not computed by any rule. */
function thirdLastBusinessDay(year: number, month: number): string {
  const businessDays: string[] = [];
  for (let day = 1; day <= 31; day += 1) {
    const date = new Date(Date.UTC(year, month - 1, day, 9));
    if (date.getUTCMonth() === month - 1 && date.getUTCDay() % 6 !== 0)
      businessDays.push(toIso(date.getTime() / 1000));
  }
  return businessDays.at(-3) ?? '';
}

const fireTimesOf = (rows: readonly Row[]) => rows.map(({ fireTime }) => fireTime);

describe('a planned schedule', () => {
  let play: CloudPlay;
  let advance: string;

  beforeAll(async () => {
    play = await playOnCloud({ assembly: inject('assembly') });
    advance = play.functionNamed('AdvanceSchedule');
    await stopSweeps(play);
  });

  afterAll(async () => {
    await play[Symbol.asyncDispose]();
  });

  const read = async (id: string): Promise<Row> =>
    Object((await play.api.request('GET', `/v1/schedules/${id}`)).json);
  const put = async (id: string, body: Row) => {
    const { status, text } = await play.api.request('PUT', `/v1/schedules/${id}`, { body });
    expect([status, text]).toEqual([200, expect.any(String)]);
    await play.cloud.settle();
  };
  const copiesOf = async (id: string) => {
    const { Schedules = [] } = await play.scheduler.send(
      new ListSchedulesCommand({ GroupName: 'Almanac-dev', NamePrefix: id }),
    );
    return Schedules.map(({ Target }) => Target?.Arn?.split(':').at(-1));
  };
  const kill = (fault: Pick<Fault, 'service' | 'operation' | 'nth' | 'when'>) =>
    play.cloud.faults.add({ ...fault, caller: advance, do: 'kill' });

  it('fires on the third-last business day of each month of a year, whatever call of advance-schedule it dies at', async () => {
    const calls = [
      { service: 'dynamodb', operation: 'Query', nth: 1 },
      { service: 'dynamodb', operation: 'UpdateItem', nth: 1 },
      { service: 'sqs', operation: 'SendMessage', nth: 1 },
      { service: 'dynamodb', operation: 'UpdateItem', nth: 2 },
    ] as const;
    const faults = calls.flatMap((call) =>
      (['before', 'after'] as const).map((when) => ({ ...call, when })),
    );
    const months = Array.from({ length: 12 }, (_, at) => ({
      year: at < 10 ? 2026 : 2027,
      month: ((at + 2) % 12) + 1,
    }));
    await play.define({
      id: 'third-last',
      ...REPORT,
      trigger: {
        kind: 'rrule',
        rule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-3',
        startAt: '2026-03-01T09:00:00Z',
      },
      // Needs every call: when it was decided is noted before the jobs are counted.
      maxJobs: 100,
    });

    const expected = months.map(({ year, month }) => thirdLastBusinessDay(year, month));
    for (const [at, fireTime] of expected.entries()) {
      await play.cloud.clock.advanceTo((fromIso(fireTime) ?? 0) - MINUTE);
      const fault = faults[at];
      play.cloud.requests.reset();
      if (fault) kill(fault);
      await play.cloud.clock.advanceBy(10 * MINUTE);
      // It died, and was told again.
      if (fault) expect(play.callsOf(advance, 'Query')).toBeGreaterThan(1);
    }

    const rows = await play.rowsOf('third-last');
    expect(fireTimesOf(rows)).toEqual(expected);
    expect(rows.map(({ outcome, attempt }) => [outcome, attempt])).toEqual(
      expected.map(() => ['success', 1]),
    );
    expect(await read('third-last')).toMatchObject({
      nextFireTime: thirdLastBusinessDay(2027, 3),
      sync: { state: 'active' },
    });
    expect(await copiesOf('third-last')).toEqual([advance]);
  });

  it('does not fire on the days that it excludes', async () => {
    const today = play.at(0).slice(0, 10);
    const dayAfter = (days: number) => play.at(days * DAY).slice(0, 10);
    await play.define({
      id: 'excluding',
      ...REPORT,
      trigger: {
        kind: 'cron',
        expression: 'cron(30 23 * * ? *)',
        timeZone: 'UTC',
        exclude: [dayAfter(1), dayAfter(3)],
      },
    });
    const expected = [today, dayAfter(2), dayAfter(4)].map((date) => `${date}T23:30:00Z`);

    await play.cloud.clock.advanceTo(`${dayAfter(4)}T23:35:00Z`);

    expect(fireTimesOf(await play.rowsOf('excluding'))).toEqual(expected);
  });

  it('ends with the last of its maxJobs: nothing is left in EventBridge, and its sync is completed', async () => {
    await play.define({
      id: 'three',
      ...REPORT,
      trigger: { kind: 'interval', every: 'PT15M' },
      maxJobs: 3,
    });
    expect(await copiesOf('three')).toEqual([advance]);

    await play.cloud.clock.advanceBy(2 * 3_600);

    expect(await play.rowsOf('three')).toHaveLength(3);
    expect(await read('three')).toMatchObject({
      nextFireTime: null,
      sync: { state: 'completed' },
    });
    expect(await copiesOf('three')).toEqual([]);
  });

  it('goes on where its maxJobs is raised, and counts those that it has started', async () => {
    const trigger = { kind: 'interval', every: 'PT15M' };
    await play.define({ id: 'raised', ...REPORT, trigger, maxJobs: 1 });
    await play.cloud.clock.advanceBy(3_600);

    await put('raised', { ...REPORT, trigger, maxJobs: 3 });
    await play.cloud.clock.advanceBy(2 * 3_600);

    expect(await play.rowsOf('raised')).toHaveLength(3);
    expect(await read('raised')).toMatchObject({ sync: { state: 'completed' } });
  });

  it('starts the latest of the fire times that passed while its function was broken, and settles the others as skipped', async () => {
    const { nextFireTime } = await play.define({
      id: 'latest',
      ...REPORT,
      trigger: { kind: 'interval', every: 'PT1M' },
      coalesce: 'latest',
    });
    const first = fromIso(String(nextFireTime)) ?? 0;
    // Each of seven invocations asks four times, the last 153 s late; the eighth comes 230 s late, and dies once it has decided.
    const fault = { service: 'dynamodb', operation: 'Query', caller: advance } as const;
    for (let nth = 1; nth <= 7 * 4; nth += 1)
      play.cloud.faults.add({ ...fault, nth, when: 'before', do: 'error' });
    kill({ service: 'dynamodb', operation: 'PutItem', nth: 1, when: 'after' });

    await play.cloud.clock.advanceTo(first + 7 * MINUTE);

    const rows = await play.rowsOf('latest');
    expect(rows.map(({ fireTime, outcome }) => [fireTime, outcome])).toEqual(
      // The ninth comes 345 s late, and does what was decided at 230 s before it goes on.
      ['skipped', 'skipped', 'skipped', 'success', 'skipped', 'success', 'success', 'success'].map(
        (outcome, minutes) => [toIso(first + minutes * MINUTE), outcome],
      ),
    );
    const folded = { name: 'Coalesced', message: expect.stringContaining('coalesce is latest') };
    expect(rows[0]).toMatchObject({ attempt: 0, error: folded });
    await play.api.request('DELETE', '/v1/schedules/latest');
  });

  it('fires each fire time once where its trigger becomes planned, and native again', async () => {
    const start = (Math.ceil(play.cloud.clock.now() / MINUTE) + 10) * MINUTE;
    const minute = (minutes: number) => toIso(start + minutes * MINUTE);
    const native = { kind: 'interval', every: 'PT15M', startAt: minute(0) };
    const planned = { kind: 'interval', every: 'PT7M', startAt: minute(22) };
    const nativeAgain = { ...native, startAt: minute(40) };
    await play.define({ id: 'changing', ...REPORT, trigger: native });
    expect(await copiesOf('changing')).toEqual(['Almanac-dev-task-sales-report']);
    await play.cloud.clock.advanceTo(minute(20));

    await put('changing', { ...REPORT, trigger: planned });
    expect(await copiesOf('changing')).toEqual([advance]);
    await play.cloud.clock.advanceTo(minute(35));
    await put('changing', { ...REPORT, trigger: nativeAgain });
    expect(await copiesOf('changing')).toEqual(['Almanac-dev-task-sales-report']);
    await play.cloud.clock.advanceTo(minute(60));

    const rows = await play.rowsOf('changing');
    expect(fireTimesOf(rows)).toEqual([0, 15, 22, 29, 40, 55].map(minute));
    expect(rows.map(({ outcome, attempt }) => `${outcome} ${attempt}`)).toEqual(
      rows.map(() => 'success 1'),
    );
    await play.api.request('DELETE', '/v1/schedules/changing');
  });

  it('keeps its phase, and the plan as it is, where only its input changes', async () => {
    const trigger = { kind: 'interval', every: 'PT7M' };
    const { nextFireTime } = await play.define({ id: 'kept', ...REPORT, trigger });
    const first = fromIso(String(nextFireTime)) ?? 0;
    await play.cloud.clock.advanceTo(first + 3 * MINUTE);

    await put('kept', { ...REPORT, input: { rows: 2 }, trigger });
    await play.cloud.clock.advanceTo(first + 7 * MINUTE);

    const rows = await play.rowsOf('kept');
    expect(fireTimesOf(rows)).toEqual([toIso(first), toIso(first + 7 * MINUTE)]);
    expect(rows.map(({ revision }) => revision)).toEqual([1, 2]);
    await play.api.request('DELETE', '/v1/schedules/kept');
  });

  it('fires no more once it is deleted', async () => {
    await play.define({ id: 'gone', ...REPORT, trigger: { kind: 'interval', every: 'PT7M' } });
    await play.cloud.clock.advanceBy(8 * MINUTE);

    await play.api.request('DELETE', '/v1/schedules/gone');
    await play.cloud.clock.advanceBy(30 * MINUTE);

    expect(await play.rowsOf('gone')).toHaveLength(1);
    expect(await copiesOf('gone')).toEqual([]);
  });
});

describe('the sweep', () => {
  it('sets a planned schedule going whose fire time nobody has told of', async () => {
    await using play = await playOnCloud({ assembly: inject('assembly') });
    // So near that no sweep finds its copy missing before.
    const { nextFireTime } = await play.define({
      id: 'forgotten',
      ...REPORT,
      trigger: { kind: 'interval', every: 'PT50M', startAt: play.at(240) },
    });
    await play.scheduler.send(
      new DeleteScheduleCommand({ GroupName: 'Almanac-dev', Name: 'forgotten' }),
    );

    await play.cloud.clock.advanceTo((fromIso(String(nextFireTime)) ?? 0) + 5 * MINUTE);
    expect(await play.rowsOf('forgotten')).toEqual([]);
    await play.cloud.clock.advanceBy(6 * MINUTE);

    expect(await play.rowsOf('forgotten')).toMatchObject([
      { fireTime: nextFireTime, outcome: 'success' },
    ]);
    await play.cloud.clock.advanceBy(50 * MINUTE);
    expect(await play.rowsOf('forgotten')).toHaveLength(2);
  });
});
