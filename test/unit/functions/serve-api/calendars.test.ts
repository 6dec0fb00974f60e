import { describe, expect, it } from 'vitest';
import { definitionFromItem, definitionToItem } from '#shared/adapters/dynamodb/schedule-item.ts';
import { previewResource } from '#shared/contracts/preview.ts';
import { type Answered, ApiWorld, aBody, problemIn } from '#test/support/api-world.ts';
import { at } from '#test/support/instant.ts';

const TRIGGER = { kind: 'cron', expression: '0 9 * * *', exclude: [{ calendar: 'holidays' }] };
const CHRISTMAS = '2026-12-25';

describe('a trigger that names a calendar', () => {
  it('leaves out the calendar’s days in a preview', async () => {
    const world = aWorldWith({ holidays: [CHRISTMAS] });

    const answer = await world.request('POST', '/v1/preview', {
      body: { trigger: TRIGGER, from: '2026-12-24T00:00:00Z', count: 2 },
    });

    expect(datesIn(answer)).toEqual(['2026-12-24', '2026-12-26']);
  });

  it.each([
    ['POST', '/v1/preview', { trigger: TRIGGER }],
    ['POST', '/v1/schedules', aBody({ trigger: TRIGGER })],
  ])('is refused by %s %s where the calendar is not deployed', async (method, path, body) => {
    const answer = await aWorldWith({ others: [CHRISTMAS] }).request(method, path, { body });

    expect(answer.status).toBe(422);
    expect(problemIn(answer).faults).toEqual(['/trigger/exclude/0 trigger.invalid']);
  });

  it('keeps the calendar’s days with the schedule, whatever is deployed later', async () => {
    const world = aWorldWith({ holidays: [CHRISTMAS], others: ['2026-12-26'] });
    await world.post(aBody({ trigger: TRIGGER }));

    world.calendars['holidays'] = [];

    expect(datesIn(await previewIn(world))).toEqual(['2026-12-24', '2026-12-26']);
    const { definition } = await world.schedules.read('daily-sales');
    expect(definition?.calendars).toEqual({ holidays: [CHRISTMAS] });
  });

  it('takes up a later deploy’s days, and a plan by them, when the schedule is written again', async () => {
    const world = aWorldWith({ holidays: [CHRISTMAS] });
    await world.post(aBody({ trigger: TRIGGER }));
    world.nowSeconds = at('2026-12-23T12:00:00Z');
    world.calendars['holidays'] = ['2026-12-24', CHRISTMAS];

    const answer = await replace(world, { trigger: TRIGGER });

    expect(answer.json).toMatchObject({ nextFireTime: '2026-12-26T09:00:00Z' });
    expect(datesIn(await previewIn(world))).toEqual(['2026-12-26', '2026-12-27']);
  });

  it('keeps its days when it is written again after the calendar was taken out of the deploy', async () => {
    const world = aWorldWith({ holidays: [CHRISTMAS] });
    await world.post(aBody({ trigger: TRIGGER }));
    delete world.calendars['holidays'];

    const same = await replace(world, { trigger: TRIGGER });
    const other = await replace(world, { trigger: { ...TRIGGER, expression: '0 8 * * *' } });

    expect(same.status).toBe(200);
    expect(datesIn(await previewIn(world))).toEqual(['2026-12-24', '2026-12-26']);
    expect(problemIn(other).faults).toEqual(['/trigger/exclude/0 trigger.invalid']);
  });

  it('is refused when a later calendar leaves it no fire time', async () => {
    const world = aWorldWith({ holidays: [] });
    const trigger = { ...TRIGGER, startAt: '2027-01-01T00:00:00', endAt: '2027-01-01T23:00:00' };
    await world.post(aBody({ trigger }));
    world.calendars['holidays'] = ['2027-01-01'];

    const answer = await replace(world, { trigger });

    expect(problemIn(answer).faults).toEqual(['/trigger trigger.never-fires']);
  });

  it('does not keep calendars that a later trigger names no more', async () => {
    const world = aWorldWith({ holidays: [CHRISTMAS] });
    await world.post(aBody({ trigger: TRIGGER }));

    await replace(world, { trigger: { kind: 'cron', expression: '0 9 * * *' } });

    const { definition } = await world.schedules.read('daily-sales');
    expect(definition?.calendars).toEqual({});
  });

  it('comes back from the table with its days', async () => {
    const world = aWorldWith({ holidays: [CHRISTMAS] });
    await world.post(aBody({ trigger: TRIGGER }));
    const { definition } = await world.schedules.read('daily-sales');

    expect(definition && definitionFromItem(definitionToItem(definition))).toEqual(definition);
  });
});

function aWorldWith(calendars: Readonly<Record<string, readonly string[]>>): ApiWorld {
  const world = new ApiWorld();
  world.nowSeconds = at('2026-11-23T12:00:00Z');
  Object.assign(world.calendars, calendars);
  return world;
}

function replace(world: ApiWorld, changes: Record<string, unknown>): Promise<Answered> {
  return world.request('PUT', '/v1/schedules/daily-sales', { body: aBody(changes) });
}

function previewIn(world: ApiWorld): Promise<Answered> {
  const query = 'from=2026-12-24T00:00:00Z&count=2';
  return world.request('GET', `/v1/schedules/daily-sales/preview?${query}`);
}

function datesIn(answer: Answered): readonly string[] {
  return previewResource.parse(answer.json).fireTimes.map(({ fireTime }) => fireTime.slice(0, 10));
}
