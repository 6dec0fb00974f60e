import { describe, expect, it } from 'vitest';
import { previewResource } from '#shared/contracts/preview.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { type Answered, ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';
import { at } from '#test/support/instant.ts';

const NEW_YORK = 'America/New_York';

describe('POST /v1/preview', () => {
  it('answers the fire times after an instant, and what clock changes and exclusions omit', async () => {
    const trigger = {
      kind: 'cron',
      expression: '30 2 * * *',
      timeZone: NEW_YORK,
      exclude: ['2026-03-09'],
    };

    const answer = await post({ trigger, from: '2026-03-07T00:00:00-05:00', count: 2 });

    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      description: 'At 02:30, America/New_York time, except on 2026-03-09',
      timeZone: NEW_YORK,
      mode: 'planned',
      reason: 'EventBridge cannot leave out days',
      fireTimes: [
        { fireTime: '2026-03-07T07:30:00Z', local: '2026-03-07T02:30:00-05:00' },
        { fireTime: '2026-03-10T06:30:00Z', local: '2026-03-10T02:30:00-04:00' },
      ],
      omitted: [
        {
          note: 'skipped',
          local: '2026-03-08T02:30:00',
          timeZone: NEW_YORK,
          changeAt: '2026-03-08T07:00:00Z',
        },
        {
          note: 'excluded',
          local: '2026-03-09T02:30:00-04:00',
          timeZone: NEW_YORK,
          fireTime: '2026-03-09T06:30:00Z',
        },
      ],
      hasMoreOmitted: false,
      exhausted: false,
    });
  });

  it('answers ten fire times from now on, as its contract says, where the body names a trigger alone', async () => {
    const world = new ApiWorld();
    world.nowSeconds = at('2026-11-23T09:00:00Z');

    const answer = await post({ trigger: { kind: 'cron', expression: '0 9 * * *' } }, world);

    const preview = previewResource.strict().parse(answer.json);
    expect(preview.fireTimes).toHaveLength(10);
    expect(preview.fireTimes[0]?.fireTime).toBe('2026-11-24T09:00:00Z');
    expect(preview.eventBridge).toEqual({ expression: 'cron(0 9 * * ? *)', timeZone: 'UTC' });
  });

  it('counts an interval without startAt from the full minute after `from`, as a schedule created then would', async () => {
    const trigger = { kind: 'interval', every: 'PT15M' };

    const answer = await post({ trigger, from: '2026-11-23T09:00:20Z', count: 2 });

    expect(firesOf(answer)).toEqual(['2026-11-23T09:01:00Z', '2026-11-23T09:16:00Z']);
  });

  it('shows what a schedule may not have: fire times that have passed, or lie close together', async () => {
    const passed = { kind: 'once', at: '2020-01-01T00:00:00' };
    const frequent = { kind: 'interval', every: 1, startAt: '2026-01-01T00:00:00' };

    expect((await post({ trigger: passed })).json).toMatchObject({
      fireTimes: [],
      exhausted: true,
    });
    expect((await post({ trigger: frequent })).status).toBe(200);
  });

  it.each<[string, unknown, string[]]>([
    ['a body that is no object', [], [' field.invalid']],
    ['a body without a trigger', {}, ['/trigger trigger.invalid']],
    [
      'a count out of bounds and a field that is not known',
      { trigger: { kind: 'once', at: '2030-01-01T00:00:00Z' }, count: 101, to: 1 },
      ['/count field.invalid', '/to field.unknown'],
    ],
    [
      'an instant without an offset',
      { trigger: { kind: 'once', at: '2030-01-01T00:00:00Z' }, from: '2026-01-01T00:00:00' },
      ['/from field.invalid'],
    ],
    [
      'a day that no calendar has',
      { trigger: { kind: 'cron', expression: '0 0 30 2 *' } },
      ['/trigger/expression trigger.never-fires'],
    ],
    [
      'a zone that does not exist, and a field out of range',
      { trigger: { kind: 'cron', expression: '0 24 * * *', timeZone: 'Mars/Base' } },
      ['/trigger/timeZone trigger.time-zone', '/trigger/expression trigger.invalid'],
    ],
    [
      'triggers that never agree',
      {
        trigger: {
          kind: 'all',
          of: [
            { kind: 'cron', expression: '0 9 * * *' },
            { kind: 'cron', expression: '0 10 * * *' },
          ],
          maxIterations: 50,
        },
      },
      ['/trigger trigger.max-iterations'],
    ],
  ])('refuses %s', async (_, body, faults) => {
    const answer = await post(body);

    expect(answer.status).toBe(422);
    expect(problemIn(answer)).toEqual({ code: 'request.invalid', faults });
  });

  it('takes no other method', async () => {
    const answer = await new ApiWorld().request('GET', '/v1/preview');

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });
});

describe('GET /v1/schedules/{scheduleId}/preview', () => {
  it('answers the fire times of a schedule from now on', async () => {
    const world = new ApiWorld();
    await world.post(aBody());

    const answer = await world.request('GET', '/v1/schedules/daily-sales/preview?count=2');

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ mode: 'native', exhausted: false });
    expect(firesOf(answer)).toHaveLength(2);
    expect(at(firesOf(answer)[0] ?? '')).toBeGreaterThan(world.nowSeconds);
  });

  it('counts an interval from the anchor of its schedule, wherever the preview begins', async () => {
    const world = new ApiWorld();
    const trigger = { kind: 'interval', every: 'PT1H' };
    const { definition, state } = aSchedule({ trigger, anchorAt: at('2026-11-23T09:07:00Z') });
    await world.schedules.write({ definition, state }, { generation: undefined });

    const answer = await world.request(
      'GET',
      '/v1/schedules/daily-sales/preview?from=2026-12-24T00:00:00Z&count=1',
    );

    expect(firesOf(answer)).toEqual(['2026-12-24T00:07:00Z']);
  });

  it('says that a schedule is planned where its policies make it so', async () => {
    const world = new ApiWorld();
    await world.post(aBody({ maxJobs: 3 }));

    const answer = await world.request('GET', '/v1/schedules/daily-sales/preview');

    expect(answer.json).toMatchObject({ mode: 'planned', reason: 'EventBridge cannot count jobs' });
  });

  it.each(['count=0', 'count=101', 'count=ten', 'from=yesterday'])(
    'refuses the query %s',
    async (query) => {
      const world = new ApiWorld();
      await world.post(aBody());

      const answer = await world.request('GET', `/v1/schedules/daily-sales/preview?${query}`);

      expect(problemIn(answer)).toEqual({
        code: 'request.invalid',
        faults: [`/${query.split('=')[0]} field.invalid`],
      });
    },
  );

  it('finds no schedule that is not there', async () => {
    const answer = await new ApiWorld().request('GET', '/v1/schedules/nobody/preview');

    expect(answer.status).toBe(404);
    expect(problemIn(answer).code).toBe('schedule.not-found');
  });
});

function post(body: unknown, world = new ApiWorld()): Promise<Answered> {
  return world.request('POST', '/v1/preview', { body });
}

function firesOf(answer: Answered): readonly string[] {
  return previewResource.parse(answer.json).fireTimes.map(({ fireTime }) => fireTime);
}
