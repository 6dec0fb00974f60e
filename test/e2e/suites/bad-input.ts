import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, it } from 'vitest';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

const TRIGGER = { kind: 'cron', expression: 'cron(0 9 * * ? *)', timeZone: 'UTC' };
const GOOD = { id: 'good', task: 'sales-report', trigger: TRIGGER, resultExpirationTime: 3_600 };

/** What is refused, and that nothing comes of it. Nothing may have been done on the cloud before. */
export function badInput(shared: () => CloudPlay): void {
  let play: CloudPlay;

  beforeAll(() => {
    play = shared();
  });

  it('are answered with what is wrong with them, and leave nothing half-created behind', async () => {
    const { api, cloud, tables, scheduler } = play;
    const answers: unknown[] = [];
    const send = async (changes: object) => {
      const { status, json } = await api.request('POST', '/v1/schedules', {
        body: { ...GOOD, ...changes },
      });
      const { code, errors = [] } = Object(json);
      answers.push([status, code, ...errors.map((each: unknown) => Object(each).code)]);
    };

    await send({ id: 'a/b', task: 'nothing', resultExpirationTime: -1, resultExpiry: 5 });
    await send({ resultExpirationTime: '3661d' });
    await send({ trigger: { ...TRIGGER, expression: 'cron(0 9 30 2 ? *)' } });
    await send({ trigger: { ...TRIGGER, timeZone: 'Mars/Base' } });
    await send({ trigger: { kind: 'once', at: '2026-03-02T08:00:00Z' } });
    await send({ input: { rows: -1 } });
    await send({ metadata: { note: 'x'.repeat(300 * 1_024) } });
    await cloud.settle();
    const scans = await Promise.all(
      Object.values(cloud.endpoints.tables).map((TableName) =>
        tables.send(new ScanCommand({ TableName })),
      ),
    );
    const { Schedules } = await scheduler.send(
      new ListSchedulesCommand({ GroupName: 'Almanac-dev' }),
    );

    expect(answers).toEqual([
      [422, 'request.invalid', 'id.invalid', 'retention.invalid', 'field.unknown', 'task.unknown'],
      [422, 'request.invalid', 'retention.invalid'],
      [422, 'request.invalid', 'trigger.never-fires'],
      [422, 'request.invalid', 'trigger.time-zone'],
      [422, 'request.invalid', 'trigger.past'],
      [422, 'request.invalid', 'input.invalid'],
      [413, 'body.too-large'],
    ]);
    expect(scans.map(({ Count }) => Count)).toEqual([0, 0, 0]);
    expect(Schedules).toEqual([]);
  });

  it('leave a schedule as it is: one of the same id, and a change of what has been changed since', async () => {
    const { api, cloud, define } = play;
    await define(GOOD);
    const { headers } = await api.request('GET', '/v1/schedules/good');
    const etag = headers.get('etag') ?? '';
    const put = (rows: number) =>
      api.request('PUT', '/v1/schedules/good', {
        body: { ...GOOD, input: { rows } },
        headers: { 'if-match': etag },
      });

    const again = await api.request('POST', '/v1/schedules', {
      body: { ...GOOD, input: { rows: 9 } },
    });
    const first = await put(1);
    const second = await put(2);
    await cloud.settle();
    const { json } = await api.request('GET', '/v1/schedules/good');

    expect(again).toMatchObject({ status: 409, json: { code: 'schedule.exists' } });
    expect(first.status).toBe(200);
    expect(second).toMatchObject({ status: 412, json: { code: 'schedule.stale' } });
    expect(json).toMatchObject({ revision: 2, input: { rows: 1 } });
  });
}
