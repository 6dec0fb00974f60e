import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CloudPlay, playOnCloud } from '#test/support/play-on-cloud.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';
import { type Subscriber, subscribe } from '#test/support/subscribe.ts';

const HOURLY = { kind: 'cron', expression: 'cron(0 * * * ? *)', timeZone: 'UTC' };
const HOUR = 3_600;

describe('events', () => {
  let play: CloudPlay;
  let all: Subscriber;

  beforeAll(async () => {
    play = await playOnCloud({ assembly: inject('assembly') });
    await stopSweeps(play, /^(?!.*AnnounceExpiring)/);
    all = await subscribe(play, { name: 'all', pattern: { source: ['almanac'] } });
  });

  afterEach(async () => {
    await all.received();
  });

  afterAll(async () => {
    all[Symbol.dispose]();
    await play[Symbol.asyncDispose]();
  });

  const idsOf = async () => (await all.received()).map(({ detail }) => detail.id);

  it('tell that a job has settled, as docs/events describes it', async () => {
    const schedule = { task: 'sales-report', input: { rows: 3 }, resultExpirationTime: '1d' };

    const jobId = await play.fireOnce({ id: 'told', ...schedule, metadata: { team: 'sales' } });

    const [event, ...others] = await all.received();
    expect(others).toEqual([]);
    const [row] = await play.rowsOf('told');
    expect(event).toMatchObject({
      'detail-type': 'job.settled',
      source: 'almanac',
      time: row?.['finishedAt'],
      detail: {
        id: `${jobId}/settled`,
        source: 'arn:aws:events:us-east-1:000000000000:event-bus/Almanac-dev',
        data: {
          jobId,
          outcome: 'success',
          resultState: 'stored',
          resultBytes: row?.['resultBytes'],
          metadata: { team: 'sales' },
        },
      },
    });
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    const schema = JSON.parse(readFileSync('docs/events/job.settled.json', 'utf8'));
    expect(ajv.validate(schema, event?.detail), ajv.errorsText()).toBe(true);
  });

  it('come again with the same id when what tells them dies after it has told', async () => {
    play.cloud.faults.add({
      service: 'events',
      operation: 'PutEvents',
      nth: 1,
      when: 'after',
      do: 'kill',
    });

    const jobId = await play.fireOnce({ id: 'told-twice', task: 'flaky-import' });
    await play.cloud.clock.advanceBy(60);

    expect(await idsOf()).toEqual([`${jobId}/settled`, `${jobId}/settled`]);
  });

  it('are not lost when the bus does not answer for a while', async () => {
    for (const nth of [1, 2, 3])
      play.cloud.faults.add({
        service: 'events',
        operation: 'PutEvents',
        nth,
        when: 'before',
        do: 'error',
      });

    const jobId = await play.fireOnce({ id: 'told-late', task: 'flaky-import' });
    await play.cloud.clock.advanceBy(60);

    expect(await idsOf()).toEqual([`${jobId}/settled`]);
  });

  it('tell when a result is another than that of the success before, and not when it is the same', async () => {
    const schedule = { id: 'changing', trigger: HOURLY, task: 'sales-report' };
    await play.define({ ...schedule, input: { rows: 2 }, resultExpirationTime: '1d' });
    await play.cloud.clock.advanceBy(2 * HOUR);
    const same = await all.received();

    const changed = { ...schedule, input: { rows: 3 }, resultExpirationTime: '1d' };
    await play.api.request('PUT', '/v1/schedules/changing', { body: changed });
    await play.cloud.clock.advanceBy(HOUR);
    const other = await all.received();
    await play.api.request('DELETE', '/v1/schedules/changing');
    await play.cloud.settle();

    expect(same.map(({ detail }) => detail.type)).toEqual(['job.settled', 'job.settled']);
    const [last, before] = same.map(({ detail }) => detail.data['jobId']).toReversed();
    expect(before).not.toBe(last);
    expect(other.map(({ detail }) => detail.type)).toEqual(['job.settled', 'result.changed']);
    expect(other[1]?.detail.data).toMatchObject({
      jobId: other[0]?.detail.data['jobId'],
      previous: { jobId: last },
    });
  });

  it('tell that a schedule was paused, and that one has paused itself, once each', async () => {
    const { api, cloud } = play;
    await play.define({ id: 'paused', task: 'flaky-import', trigger: HOURLY });
    const failing = { task: 'flaky-import', trigger: HOURLY, input: { fail: true } };
    await play.define({ id: 'failing', ...failing, pauseAfterFailures: 1 });

    const body = { note: 'audit' };
    await api.request('POST', '/v1/schedules/paused/pause', { body });
    await cloud.settle();
    await api.request('POST', '/v1/schedules/paused/pause', { body: { note: 'still' } });
    await cloud.settle();
    await cloud.clock.advanceBy(HOUR);

    const events = await all.received();
    const pauses = events.filter(({ detail }) => detail.type === 'schedule.paused');
    expect(pauses.map(({ detail }) => detail.data)).toMatchObject([
      { scheduleId: 'paused', note: 'audit', by: expect.stringContaining('arn:') },
      { scheduleId: 'failing', by: 'almanac', note: expect.stringContaining('failing@') },
    ]);
  });

  it('tell beforehand that a result expires, where its schedule asks for it, and once', async () => {
    const report = { task: 'sales-report', input: { rows: 2 }, resultExpirationTime: '2d' };
    await play.define({
      id: 'silent',
      ...report,
      trigger: { kind: 'once', at: play.at(600) },
    });
    const jobId = await play.fireOnce({ id: 'expiring', ...report, announceExpiry: true });
    await play.cloud.clock.advanceBy(20 * HOUR);
    const early = await idsOf();

    await play.cloud.clock.advanceBy(24 * HOUR);
    const late = await all.received();

    expect(early).not.toContainEqual(expect.stringContaining('result-expiring'));
    expect(late).toHaveLength(1);
    expect(late[0]?.detail).toMatchObject({
      type: 'result.expiring',
      subject: jobId,
      id: expect.stringContaining(`${jobId}/result-expiring-`),
    });
  });

  it('hold nothing of an input, a result or an error’s message', async () => {
    const report = { task: 'sales-report', resultExpirationTime: '1d' };
    const [row] = await Promise.all([
      play.fireOnce({ id: 'discreet', ...report, input: { rows: 2, seed: 424_242 } }),
      play.define({
        id: 'discreet-failure',
        task: 'flaky-import',
        trigger: { kind: 'once', at: play.at(600) },
        input: { fail: true },
      }),
    ]);
    await play.cloud.settle();

    const told = JSON.stringify(await all.received());

    expect(told).toContain(row);
    expect(told).toContain('discreet-failure@');
    expect(told).toContain('SourceUnavailable');
    const kept = ['424242', 'seed', 'totals', 'Wall calendar', 'Expected the source'];
    for (const text of kept) expect(told).not.toContain(text);
  });

  it('were within what the functions may do', () => {
    expect(play.refused).toEqual([]);
  });
});
