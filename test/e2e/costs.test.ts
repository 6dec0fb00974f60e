import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type CloudPlay, playOnCloud, type Row } from '#test/support/play-on-cloud.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';

/** 8 rows are a little less than 1,024 bytes of JSON. */
const ONE_KILOBYTE = { rows: 8 };

/** 46 rows are a little less than 5,120. */
const FIVE_KILOBYTES = { rows: 46 };

describe('what a job costs', () => {
  let play: CloudPlay;

  beforeAll(async () => {
    play = await playOnCloud({ assembly: inject('assembly') });
    await stopSweeps(play);
  });

  beforeEach(() => {
    play.cloud.requests.reset();
  });

  afterAll(async () => {
    await play[Symbol.asyncDispose]();
  });

  const unitsOf = (table: keyof CloudPlay['cloud']['endpoints']['tables']) =>
    play.cloud.services.dynamodb.writeUnits(play.cloud.endpoints.tables[table]);
  const requestsBy = (caller: string) =>
    play.cloud.requests
      .snapshot()
      .filter((call) => call.caller === caller)
      .map(({ service, operation, count }) => `${count} ${service} ${operation}`);

  /** Fires one job, and tells the units of the Jobs table, the task's requests and the row. */
  async function fire(schedule: Row & { readonly id: string; readonly task: string }) {
    const before = unitsOf('jobs');
    await play.fireOnce(schedule);
    const [row = {}] = await play.rowsOf(schedule.id);
    return {
      row,
      units: unitsOf('jobs') - before,
      requests: requestsBy(`Almanac-dev-task-${schedule.task}`),
    };
  }

  it('is 2 requests and 3 write units for a result of 1 KB, compressed', async () => {
    const report = { task: 'sales-report', input: ONE_KILOBYTE, resultExpirationTime: '1d' };

    const { row, units, requests } = await fire({ id: 'one-kilobyte', ...report });

    expect(row['resultBytes']).toBeGreaterThan(900);
    expect(row).toHaveProperty('resultZ');
    expect(requests).toEqual(['1 dynamodb PutItem', '1 dynamodb UpdateItem']);
    expect(units).toBe(3);
  });

  it('is two requests and two units more where its schedule lets one job run at a time', async () => {
    const report = { task: 'sales-report', input: ONE_KILOBYTE, resultExpirationTime: '1d' };

    const { units, requests } = await fire({ id: 'one-at-a-time', overlap: 'skip', ...report });

    expect(requests).toEqual(['2 dynamodb PutItem', '2 dynamodb UpdateItem']);
    expect(units).toBe(5);
  });

  it('is 2 requests and 4 write units for 5 KB of rows', async () => {
    const report = { task: 'sales-report', input: FIVE_KILOBYTES, resultExpirationTime: '1d' };

    const { row, units, requests } = await fire({ id: 'five-kilobytes', ...report });

    expect(row['resultBytes']).toBeGreaterThan(5_000);
    expect(requests).toEqual(['1 dynamodb PutItem', '1 dynamodb UpdateItem']);
    expect(units).toBe(4);
  });

  it('is 2 requests and at most 5 write units for a failure, its stack and both index entries included', async () => {
    const failing = { task: 'flaky-import', input: { fail: true }, resultExpirationTime: '1d' };

    const { row, units, requests } = await fire({ id: 'failure', ...failing });

    expect(row).toMatchObject({ outcome: 'error', error: { stack: expect.any(String) } });
    expect(requests).toEqual(['1 dynamodb PutItem', '1 dynamodb UpdateItem']);
    // 4 where the stack's paths are short, as they are on Lambda.
    expect([4, 5]).toContain(units);
  });

  it('is 2 requests and 3 write units where no result is kept, however large it was', async () => {
    const unkept = { task: 'sales-report', input: { rows: 20_000 }, resultExpirationTime: 0 };

    const { row, units, requests } = await fire({ id: 'unkept', ...unkept });

    expect(row).toMatchObject({ outcome: 'success', resultState: 'off' });
    expect(requests).toEqual(['1 dynamodb PutItem', '1 dynamodb UpdateItem']);
    expect(units).toBe(3);
    expect(await play.objectsBelow('')).toEqual([]);
  });

  it('is one more request, to S3, and 3 write units for a result of 2 MB', async () => {
    const large = { task: 'sales-report', input: { rows: 20_000 }, resultExpirationTime: '1d' };

    const { units, requests } = await fire({ id: 'large', ...large });

    expect(requests).toEqual(['1 dynamodb PutItem', '1 s3 PutObject', '1 dynamodb UpdateItem']);
    expect(units).toBe(3);
  });

  it('is the same for a job with metrics, whose numbers are a unit each of its hour and its day', async () => {
    const report = { task: 'sales-report', input: ONE_KILOBYTE, resultExpirationTime: '1d' };
    const metrics = ['rows', 'total', 'north', 'east', 'south'].map((name) => ({
      name,
      path: name === 'rows' ? 'length(rows)' : `total || totals.${name}`,
    }));
    const sums = () => ({
      units: unitsOf('usage'),
      writes: play.callsOf(play.functionNamed('FollowJobs'), 'PutItem'),
    });
    const before = sums();
    await fire({ id: 'unmeasured', ...report });
    const between = sums();

    const { row, units } = await fire({ id: 'measured', metrics, ...report });

    const after = sums();

    expect(Object.keys(Object(row['metrics']).values)).toHaveLength(5);
    expect(units).toBe(3);
    expect(after.units - between.units).toBe(between.units - before.units + 2);
    expect(after.writes - between.writes).toBe(between.writes - before.writes + 2);
  });

  it('is the same for ids of the greatest length', async () => {
    const report = { task: 'sales-report', input: ONE_KILOBYTE, resultExpirationTime: '1d' };

    const { units } = await fire({ id: 'x'.repeat(64), ...report });

    expect(units).toBe(3);
  });

  it('does not grow by a start that comes twice, but for the one write that refuses it', async () => {
    const { cloud, at, define } = play;
    const before = unitsOf('jobs');
    await define({
      id: 'twice',
      task: 'sales-report',
      input: ONE_KILOBYTE,
      trigger: { kind: 'once', at: at(30) },
      resultExpirationTime: '1d',
    });

    await cloud.clock.advanceBy(300);

    expect(requestsBy('Almanac-dev-task-sales-report')).toEqual([
      '2 dynamodb PutItem',
      '1 dynamodb UpdateItem',
      '1 dynamodb Query',
    ]);
    expect(unitsOf('jobs') - before).toBeLessThanOrEqual(5);
  });

  it('of defining a schedule is one transaction, and what EventBridge takes to follow', async () => {
    const { at, define, functionNamed } = play;
    const before = unitsOf('schedules');

    await define({
      id: 'defined',
      task: 'sales-report',
      trigger: { kind: 'once', at: at(3_600) },
      resultExpirationTime: '1d',
    });

    expect(requestsBy(functionNamed('ServeApi'))).toEqual(['1 dynamodb TransactWriteItems']);
    expect(requestsBy(functionNamed('ProjectSchedules'))).toEqual([
      '1 dynamodb Query',
      '1 scheduler CreateSchedule',
      '1 dynamodb UpdateItem',
    ]);
    expect(unitsOf('schedules') - before).toBe(7);
  });
});
