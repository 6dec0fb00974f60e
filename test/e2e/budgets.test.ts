import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CloudPlay, playOnCloud, type Row } from '#test/support/play-on-cloud.ts';
import { type Subscriber, subscribe } from '#test/support/subscribe.ts';

/** A daily job for a hundred days: 700 bytes for its row, and 1,024 for a result that nobody has seen yet. */
const WEIGHT = 172_400;

describe('budgets', () => {
  let play: CloudPlay;
  let events: Subscriber;

  beforeAll(async () => {
    play = await playOnCloud({ assembly: inject('probes') });
    const pattern = { 'detail-type': ['budget.exceeded'] };
    events = await subscribe(play, { name: 'budgets', pattern });
  });

  afterAll(async () => {
    events[Symbol.dispose]();
    await play[Symbol.asyncDispose]();
  });

  const post = (id: string, team?: string) =>
    play.api.request('POST', '/v1/schedules', {
      body: {
        id,
        task: 'cancellable',
        trigger: { kind: 'cron', expression: '0 3 * * *', timeZone: 'UTC' },
        resultExpirationTime: '100d',
        recordExpirationTime: '100d',
        ...(team !== undefined && { metadata: { team } }),
      },
    });
  const budgetOf = async (team: string): Promise<Row> => {
    const { json } = await play.api.request('GET', '/v1/budgets');
    return Object(json).data.find(({ scope }: Row) => scope === `tag:team:${team}`);
  };

  it('cost a schedule two reads and two write units for its ledger, and one that is in none nothing', async () => {
    const table = play.cloud.endpoints.tables.schedules;
    const writing = async (id: string, team?: string) => {
      const before = play.cloud.services.dynamodb.writeUnits(table);
      play.cloud.requests.reset();
      expect((await post(id, team)).status).toBe(201);
      // What tells EventBridge of it writes as much for either.
      await play.cloud.settle();
      const units = play.cloud.services.dynamodb.writeUnits(table) - before;
      const calls = play.cloud.requests
        .snapshot()
        .filter(({ caller }) => caller === play.functionNamed('ServeApi'))
        .map(({ operation, count }) => `${count} ${operation}`)
        .toSorted();
      return { units, calls };
    };

    const free = await writing('free', 'other');
    const bounded = await writing('bounded-a', 'bounded');

    expect(free.calls).toEqual(['1 TransactWriteItems']);
    expect(bounded.calls).toEqual(['1 BatchGetItem', '1 Query', '1 TransactWriteItems']);
    expect(bounded.units).toBe(free.units + 2);
  });

  it('let one of two schedules through that fit alone and not together', async () => {
    await post('bounded-b', 'bounded');
    await play.api.request('DELETE', '/v1/schedules/bounded-a');

    const answers = await Promise.all(['c', 'd'].map((id) => post(`bounded-${id}`, 'bounded')));

    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([201, 409]);
    expect(answers[statuses.indexOf(409)]?.json).toMatchObject({ code: 'budget.exceeded' });
    expect(await budgetOf('bounded')).toMatchObject({ taken: 2 * WEIGHT, isExceeded: false });
  });

  it('tell once on the event bus that one is passed which only warns', async () => {
    expect((await post('warned-a', 'warned')).json).not.toHaveProperty('warnings');
    const passed = await post('warned-b', 'warned');
    await post('warned-c', 'warned');
    await play.cloud.settle();

    expect(passed).toMatchObject({
      status: 201,
      json: { warnings: [{ code: 'budget.exceeded' }] },
    });
    expect(await events.received()).toMatchObject([
      {
        detail: {
          id: 'budget/tag:team:warned/exceeded-2',
          subject: 'tag:team:warned',
          data: { limit: 200_000, taken: 2 * WEIGHT, onExceeded: 'warn' },
        },
      },
    ]);
  });

  it('count in a schedule that was there before, and tell where that passes one', async () => {
    const TableName = play.cloud.endpoints.tables.schedules;
    await post('grown', 'bounded-later');
    const definition = { scheduleId: 'grown', part: 'definition' };
    const SET = 'SET metadata = :metadata';
    const values = { ':metadata': '{"team":"bounded"}' };
    await play.tables.send(
      new UpdateCommand({
        TableName,
        Key: definition,
        UpdateExpression: SET,
        ExpressionAttributeValues: values,
      }),
    );
    expect(await budgetOf('bounded')).not.toHaveProperty('countedAt');

    await play.cloud.clock.advanceBy(300);

    expect(await budgetOf('bounded')).toMatchObject({
      taken: 3 * WEIGHT,
      isExceeded: true,
      countedAt: expect.any(String),
    });
    expect(await events.received()).toMatchObject([
      { detail: { subject: 'tag:team:bounded', data: { taken: 3 * WEIGHT } } },
    ]);
  });

  it('need no right that the functions do not have', () => {
    expect(play.refused).toEqual([]);
  });
});
