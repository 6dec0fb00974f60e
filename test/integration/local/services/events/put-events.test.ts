import {
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { BUS, type EventsServer, serveEvents } from '#test/support/serve-events.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:seen';

function anEntry(changes: PutEventsRequestEntry = {}): PutEventsRequestEntry {
  return {
    EventBusName: BUS,
    Source: 'almanac',
    DetailType: 'job.settled',
    Detail: '{"outcome":"success"}',
    ...changes,
  };
}

function put(server: EventsServer, ...Entries: PutEventsRequestEntry[]) {
  return server.client.send(new PutEventsCommand({ Entries }));
}

/** Has events of the bus sent to a queue. */
async function follow(server: EventsServer, pattern: object, queue = QUEUE) {
  const Name = 'all';
  const rule = { EventBusName: BUS, Name, EventPattern: JSON.stringify(pattern) };
  await server.client.send(new PutRuleCommand(rule));
  const targets = { EventBusName: BUS, Rule: Name, Targets: [{ Id: 'queue', Arn: queue }] };
  await server.client.send(new PutTargetsCommand(targets));
}

describe('PutEvents', () => {
  it('hands an event, in EventBridge’s envelope, to the queue of a rule that matches it', async () => {
    await using server = await serveEvents();
    await follow(server, { source: ['almanac'], detail: { outcome: ['success'] } });

    const { FailedEntryCount, Entries = [] } = await put(
      server,
      anEntry({ Time: new Date('2026-11-23T08:59:58Z'), Resources: ['arn:of:something'] }),
      anEntry({ Detail: '{"outcome":"error"}' }),
    );

    expect(FailedEntryCount).toBe(0);
    expect(server.sent).toEqual([
      {
        queueArn: QUEUE,
        event: {
          version: '0',
          id: Entries[0]?.EventId,
          'detail-type': 'job.settled',
          source: 'almanac',
          account: '000000000000',
          time: '2026-11-23T08:59:58Z',
          region: 'us-east-1',
          resources: ['arn:of:something'],
          detail: { outcome: 'success' },
        },
      },
    ]);
  });

  it('gives an event without a time the clock’s, and takes a bus by its ARN', async () => {
    await using server = await serveEvents();
    await follow(server, { source: ['almanac'] });

    await put(
      server,
      anEntry({ EventBusName: `arn:aws:events:us-east-1:000000000000:event-bus/${BUS}` }),
    );

    expect(server.sent).toMatchObject([{ event: { time: '2026-11-23T09:00:00Z' } }]);
  });

  it.each([
    ['no source', { Source: '' }, 'InvalidArgument'],
    ['no type', { DetailType: '' }, 'InvalidArgument'],
    ['no detail', { Detail: '' }, 'InvalidArgument'],
    ['a detail that is not JSON', { Detail: '{' }, 'MalformedDetail'],
    ['a detail that is no object', { Detail: '[1]' }, 'MalformedDetail'],
    ['a source of AWS’s own', { Source: 'aws.s3' }, 'NotAuthorizedForSourceException'],
  ])('refuses an entry with %s by itself, beside others that it takes', async (_, bad, code) => {
    await using server = await serveEvents();
    await follow(server, { source: ['almanac'] });

    const answer = await put(server, anEntry(bad), anEntry());

    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries).toEqual([
      { ErrorCode: code, ErrorMessage: expect.any(String) },
      { EventId: expect.any(String) },
    ]);
    expect(server.sent).toHaveLength(1);
  });

  it('takes 1 to 10 entries of 1 MB together', async () => {
    await using server = await serveEvents();
    const many = Array.from({ length: 11 }, () => anEntry());
    const large = JSON.stringify({ text: 'x'.repeat(120_000) });

    await expect(put(server)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put(server, ...many)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(
      put(server, ...many.slice(0, 9).map((entry) => ({ ...entry, Detail: large }))),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(
      put(server, ...many.slice(0, 8).map((entry) => ({ ...entry, Detail: large }))),
    ).resolves.toMatchObject({ FailedEntryCount: 0 });
  });

  it('takes an event for a bus that does not exist, says so, and sends it nowhere', async () => {
    await using server = await serveEvents();
    await follow(server, { source: ['almanac'] });

    const answer = await put(server, anEntry({ EventBusName: 'nowhere' }));

    expect(answer.FailedEntryCount).toBe(0);
    expect(server.sent).toEqual([]);
    expect(server.logged).toEqual([expect.stringContaining('nowhere')]);
  });

  it('takes an event whose queue is gone, and says that it could not be sent', async () => {
    await using server = await serveEvents();
    await follow(server, { source: ['almanac'] }, `${QUEUE}-missing`);

    const answer = await put(server, anEntry());

    expect(answer.FailedEntryCount).toBe(0);
    expect(server.logged).toEqual([expect.stringContaining('no such queue')]);
  });

  it('asks for events:PutEvents on each bus that is named', async () => {
    await using server = await serveEvents();

    await put(server, anEntry(), anEntry(), { ...anEntry(), EventBusName: 'default' });

    expect(server.asked).toEqual([
      'events:PutEvents arn:aws:events:us-east-1:000000000000:event-bus/Almanac-dev',
      'events:PutEvents arn:aws:events:us-east-1:000000000000:event-bus/default',
    ]);
  });

  it('refuses a role that may not', async () => {
    await using server = await serveEvents({ deny: true });

    const refused = server.roleClient().send(new PutEventsCommand({ Entries: [anEntry()] }));

    await expect(refused).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
  });
});
