import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { type CloudPlay, playOnCloud, type Row } from '#test/support/play-on-cloud.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';

const HOUR = 3_600;
const REPORT = { task: 'sales-report', input: { rows: 1 }, resultExpirationTime: '30d' };
const HOURLY = { kind: 'cron', expression: 'cron(0 * * * ? *)', timeZone: 'UTC' };

describe('a backfill', () => {
  let play: CloudPlay;

  beforeAll(async () => {
    play = await playOnCloud({ assembly: inject('assembly') });
    await stopSweeps(play);
    // Past nine, so that no fire time is near.
    await play.cloud.clock.advanceBy(120);
  });

  afterAll(async () => {
    await play[Symbol.asyncDispose]();
  });

  /** The last so many fire times. */
  const last = (hours: number) => {
    const now = play.cloud.clock.now();
    return { from: toIso(now - hours * HOUR), to: toIso(now) };
  };
  const ask = async (id: string, body: Row, query = ''): Promise<Row> => {
    const path = `/v1/schedules/${id}/backfill${query}`;
    const { text, json } = await play.api.request('POST', path, { body });
    expect(text).not.toContain('urn:almanac:problem');
    return Object(json);
  };
  const read = async (backfill: Row): Promise<Row> => {
    const path = `/v1/schedules/${backfill['scheduleId']}/backfills/${backfill['id']}`;
    return Object((await play.api.request('GET', path)).json);
  };
  const outcomesOf = async (id: string) =>
    Object.fromEntries((await play.rowsOf(id)).map(({ fireTime, outcome }) => [fireTime, outcome]));

  it('of three days of hourly runs converges though a step is killed, with each fire time run once', async () => {
    const { cloud, define, rowsOf } = play;
    await define({ id: 'hourly', trigger: HOURLY, ...REPORT });
    // Once in the midst of the starts, once after the write that notes them, before any is sent.
    const kills = [
      { service: 'sqs', operation: 'SendMessage', nth: 7, when: 'after' },
      { service: 'dynamodb', operation: 'PutItem', nth: 4, when: 'after' },
    ] as const;
    const caller = play.functionNamed('RunBackfill');
    const placed = kills.map((kill) => cloud.faults.add({ ...kill, caller, do: 'kill' }));

    const forecast = await ask('hourly', last(72), '?dryRun=true');
    const backfill = await ask('hourly', last(72));
    await cloud.settle();
    await cloud.clock.advanceBy(1_200);

    expect(forecast).toEqual({
      due: 72,
      settled: 0,
      running: 0,
      unknown: 0,
      toStart: 72,
      isLowerBound: false,
    });
    expect(await read(backfill)).toMatchObject({
      state: 'completed',
      counts: { due: 72, started: 72, settled: 0, running: 0, unknown: 0 },
      underWay: 0,
    });
    const rows = await rowsOf('hourly');
    expect(rows).toHaveLength(72);
    for (const row of rows) expect(row).toMatchObject({ outcome: 'success', attempt: 1 });
    expect(placed.map(({ isMet }) => isMet)).toEqual([true, true]);
  });

  it('leaves alone what has settled, and finds what it did itself before', async () => {
    const { cloud } = play;

    const again = await ask('hourly', { ...last(73), force: true });
    await cloud.settle();
    await cloud.clock.advanceBy(60);

    expect(await read(again)).toMatchObject({
      state: 'completed',
      counts: { due: 73, started: 1, settled: 72, unknown: 0 },
    });
    for (const row of await play.rowsOf('hourly')) expect(row['attempt']).toBe(1);
  });

  it('runs only by force what may have run, and lost its record, before', async () => {
    const { cloud, tables, define } = play;
    await define({ id: 'forgetful', trigger: HOURLY, ...REPORT, resultExpirationTime: 0 });
    // As if it had been there for a month.
    await tables.send(
      new UpdateCommand({
        TableName: cloud.endpoints.tables.schedules,
        Key: { scheduleId: 'forgetful', part: 'definition' },
        UpdateExpression: 'SET createdAt = createdAt - :month',
        ExpressionAttributeValues: { ':month': 30 * 24 * HOUR },
      }),
    );

    const careful = await ask('forgetful', last(36));
    await cloud.settle();
    await cloud.clock.advanceBy(60);
    const forced = await ask('forgetful', { ...last(36), force: true });
    await cloud.settle();
    await cloud.clock.advanceBy(60);

    expect(await read(careful)).toMatchObject({ counts: { due: 36, started: 24, unknown: 12 } });
    expect(await read(forced)).toMatchObject({ counts: { due: 36, started: 12, settled: 24 } });
    expect(Object.values(await outcomesOf('forgetful'))).toEqual(
      Array.from({ length: 36 }, () => 'success'),
    );
  });

  it('runs one job after another under a sequential overlap, though the schedule is paused, and none is missed', async () => {
    const { cloud, define, rowsOf } = play;
    await define({ id: 'paced', trigger: HOURLY, ...REPORT, catchUpWindow: 60 });
    await play.api.request('POST', '/v1/schedules/paced/pause');
    await cloud.settle();

    const backfill = await ask('paced', { ...last(40), overlap: 'buffer-all' });
    await cloud.settle();
    await cloud.clock.advanceBy(300);

    expect(await read(backfill)).toMatchObject({ state: 'completed', counts: { started: 40 } });
    const rows = await rowsOf('paced');
    const begun = rows.map(({ startedAt }) => fromIso(String(startedAt)) ?? 0);
    expect(rows.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 40 }, () => 'success'));
    expect(new Set(begun).size).toBe(40);
    // The last began long after the first might have been late.
    expect((begun.at(-1) ?? 0) - (begun[0] ?? 0)).toBeGreaterThan(60);
  });

  it('starts nothing more once it is cancelled, or its schedule is deleted', async () => {
    const { cloud, api, define, rowsOf } = play;
    for (const id of ['cancelled', 'deleted']) await define({ id, trigger: HOURLY, ...REPORT });
    const asked = { ...last(40), overlap: 'skip' };
    const cancelled = await ask('cancelled', asked);
    const deleted = await ask('deleted', asked);
    await cloud.settle();
    await cloud.clock.advanceBy(10);

    const path = `/v1/schedules/cancelled/backfills/${cancelled['id']}/cancel`;
    expect((await api.request('POST', path)).status).toBe(200);
    await api.request('DELETE', '/v1/schedules/deleted');
    await cloud.settle();
    const begun = [(await rowsOf('cancelled')).length, (await rowsOf('deleted')).length];
    await cloud.clock.advanceBy(120);

    expect(begun.every((count) => count > 0 && count < 40)).toBe(true);
    expect([(await rowsOf('cancelled')).length, (await rowsOf('deleted')).length]).toEqual(begun);
    expect(await read(cancelled)).toMatchObject({ state: 'cancelled' });
    expect(await read(deleted)).toMatchObject({
      state: 'cancelled',
      reason: 'The schedule was deleted.',
    });
  });

  it('was within what the functions may do', () => {
    expect(play.refused).toEqual([]);
  });
});
