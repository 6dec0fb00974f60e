import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteRuleCommand,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BUS, type EventsServer, serveEvents } from '#test/support/serve-events.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:seen';
const RULE = { EventBusName: BUS, Name: 'settled' };
const PATTERN = '{"detail-type":["job.settled"]}';

const putRule = ({ client }: EventsServer, changes: object = {}) =>
  client.send(new PutRuleCommand({ ...RULE, EventPattern: PATTERN, ...changes }));
const putTarget = ({ client }: EventsServer, Targets = [{ Id: 'queue', Arn: QUEUE }]) =>
  client.send(new PutTargetsCommand({ EventBusName: BUS, Rule: RULE.Name, Targets }));
const putEvent = ({ client }: EventsServer, DetailType = 'job.settled') =>
  client.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: BUS, Source: 'almanac', DetailType, Detail: '{}' }],
    }),
  );

describe('a rule', () => {
  it('takes what its pattern matches, and sends it to each of its targets', async () => {
    await using server = await serveEvents();
    const { RuleArn } = await putRule(server);
    await putTarget(server, [
      { Id: 'one', Arn: QUEUE },
      { Id: 'other', Arn: `${QUEUE}-too` },
    ]);

    await putEvent(server);
    await putEvent(server, 'schedule.paused');

    expect(RuleArn).toBe('arn:aws:events:us-east-1:000000000000:rule/Almanac-dev/settled');
    expect(server.sent.map(({ queueArn }) => queueArn)).toEqual([QUEUE, `${QUEUE}-too`]);
  });

  it('keeps its targets when its pattern changes, and a target of the same id is replaced', async () => {
    await using server = await serveEvents();
    await putRule(server);
    await putTarget(server, [{ Id: 'queue', Arn: `${QUEUE}-before` }]);
    await putTarget(server);

    await putRule(server, { EventPattern: '{"source":["almanac"]}' });
    await putEvent(server, 'schedule.paused');

    expect(server.sent.map(({ queueArn }) => queueArn)).toEqual([QUEUE]);
  });

  it('sends nothing while it is disabled, or without targets', async () => {
    await using server = await serveEvents();
    await putRule(server);
    await putTarget(server);

    await putRule(server, { State: 'DISABLED' });
    await putEvent(server);
    await putRule(server);
    const targets = { EventBusName: BUS, Rule: RULE.Name, Ids: ['queue'] };
    await server.client.send(new RemoveTargetsCommand(targets));
    await putEvent(server);

    expect(server.sent).toEqual([]);
  });

  it('is deleted once it has no targets', async () => {
    await using server = await serveEvents();
    await putRule(server);
    await putTarget(server);
    const remove = () => server.client.send(new DeleteRuleCommand(RULE));

    await expect(remove()).rejects.toMatchObject({ name: 'ValidationException' });
    const targets = { EventBusName: BUS, Rule: RULE.Name, Ids: ['queue'] };
    await server.client.send(new RemoveTargetsCommand(targets));
    await remove();

    await expect(putTarget(server)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('is remembered where there is a data directory', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'almanac-events-'));
    onTestFinished(() => rm(dataDir, { recursive: true }));
    {
      await using server = await serveEvents({ dataDir });
      await putRule(server);
      await putTarget(server);
    }

    await using again = await serveEvents({ dataDir });
    await putEvent(again);

    expect(again.sent).toHaveLength(1);
  });

  it.each([
    [
      'a pattern with an unknown operator',
      { EventPattern: '{"source":[{"wild":"a"}]}' },
      'InvalidEventPatternException',
    ],
    ['a pattern that is not JSON', { EventPattern: '{' }, 'InvalidEventPatternException'],
    [
      'a schedule, which is not served here',
      { ScheduleExpression: 'rate(1 hour)' },
      'ValidationException',
    ],
    ['a bus that does not exist', { EventBusName: 'nowhere' }, 'ResourceNotFoundException'],
  ])('is refused with %s', async (_, changes, name) => {
    await using server = await serveEvents();

    await expect(putRule(server, changes)).rejects.toMatchObject({ name });
  });

  it('has no targets but queues', async () => {
    await using server = await serveEvents();
    await putRule(server);

    const lambda = putTarget(server, [{ Id: 'f', Arn: 'arn:aws:lambda:us-east-1:0:function:f' }]);

    await expect(lambda).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('the local EventBridge', () => {
  it('names an operation that it does not serve', async () => {
    await using server = await serveEvents();

    await expect(server.client.send(new ListRulesCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('ListRules'),
    });
  });
});
