import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { createEventBus } from '#shared/adapters/event-bridge/event-bus.ts';
import { jobSettled } from '#shared/domain/event/job-settled.ts';
import { aJob } from '#test/support/a-job.ts';
import { BUS, serveEvents } from '#test/support/serve-events.ts';

const busArn = `arn:aws:events:us-east-1:000000000000:event-bus/${BUS}`;

describe('an event bus', () => {
  it('gives a subscriber, who picks by outcome, the event in both envelopes', async () => {
    await using server = await serveEvents();
    const EventPattern = JSON.stringify({ detail: { data: { outcome: ['error'] } } });
    const rule = { EventBusName: BUS, Name: 'failures', EventPattern };
    await server.client.send(new PutRuleCommand(rule));
    const Targets = [{ Id: 'queue', Arn: 'arn:aws:sqs:us-east-1:000000000000:failures' }];
    await server.client.send(
      new PutTargetsCommand({ EventBusName: BUS, Rule: 'failures', Targets }),
    );
    const events = [aJob(), aJob({ outcome: 'error' })].flatMap((job) => jobSettled(job) ?? []);

    const put = await createEventBus({ busArn, client: server.client }).put(events);

    expect(put).toEqual({ taken: 2 });
    expect(server.sent.map(({ event }) => event)).toMatchObject([
      {
        'detail-type': 'job.settled',
        source: 'almanac',
        time: '2026-11-23T09:00:02Z',
        detail: {
          specversion: '1.0',
          id: 'daily-sales@20261123T090000Z/settled',
          source: busArn,
          time: '2026-11-23T09:00:02Z',
          data: { outcome: 'error' },
        },
      },
    ]);
  });
});
