import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScheduleStatusReader } from '#shared/adapters/dynamodb/schedule-status.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { type DynamoDbServer, serveDynamoDb } from '#test/support/serve-dynamodb.ts';

const TABLE = 'Schedules';

let server: DynamoDbServer;
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  server = await serveDynamoDb();
  client = DynamoDBDocumentClient.from(server.client);
  await server.client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'scheduleId', AttributeType: 'S' },
        { AttributeName: 'part', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'scheduleId', KeyType: 'HASH' },
        { AttributeName: 'part', KeyType: 'RANGE' },
      ],
    }),
  );
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe('the status of a schedule', () => {
  it.each([
    ['active', {}, { kind: 'active' }],
    ['deleted', { deletedAt: FIRE_TIME }, { kind: 'deleted', at: FIRE_TIME }],
    [
      'paused',
      { paused: { by: 'ada', since: FIRE_TIME } },
      { kind: 'paused', paused: { since: FIRE_TIME } },
    ],
    [
      'paused for a time',
      { paused: { by: 'ada', since: FIRE_TIME, until: FIRE_TIME + 60 } },
      { kind: 'paused', paused: { since: FIRE_TIME, until: FIRE_TIME + 60 } },
    ],
    [
      'resumed',
      { passedOver: { from: FIRE_TIME, to: FIRE_TIME + 60 } },
      { kind: 'paused', passedOver: { from: FIRE_TIME, to: FIRE_TIME + 60 } },
    ],
    [
      'deleted while paused',
      { deletedAt: FIRE_TIME + 60, paused: { by: 'ada', since: FIRE_TIME } },
      { kind: 'deleted', at: FIRE_TIME + 60, paused: { since: FIRE_TIME } },
    ],
  ])('is read as %s', async (scheduleId, state, status) => {
    const item = { scheduleId, part: 'state', ...state };
    await client.send(new PutCommand({ TableName: TABLE, Item: item }));
    const reader = createScheduleStatusReader(client, TABLE);

    expect(await reader.read(scheduleId)).toEqual(status);
  });

  it('is absent where the state has left, though a definition were there', async () => {
    const item = { scheduleId: 'half', part: 'definition' };
    await client.send(new PutCommand({ TableName: TABLE, Item: item }));
    const reader = createScheduleStatusReader(client, TABLE);

    expect(await reader.read('half')).toEqual({ kind: 'absent' });
  });

  it('needs no permission but to query the table', async () => {
    server.asked.length = 0;
    await createScheduleStatusReader(client, TABLE).read('active');

    expect(server.asked.map((asked) => asked.split(' ')[0])).toEqual(['dynamodb:Query']);
  });
});
