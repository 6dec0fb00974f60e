import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { createEventBus } from '#shared/adapters/event-bridge/event-bus.ts';
import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';

const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/Almanac-dev';

function anEvent(n: number): AlmanacEvent {
  const id = `job-${n}`;
  const data = { jobId: id };
  return {
    type: 'job.settled',
    id: `${id}/settled`,
    subject: id,
    time: '2026-11-23T09:00:02Z',
    data,
  };
}

const many = Array.from({ length: 25 }, (_, n) => anEvent(n));

/** A bus that takes all, but for the entries whose details hold one of these texts. */
function aBus(...refused: readonly string[]) {
  const client = new EventBridgeClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(PutEventsCommand).callsFake(({ Entries = [] }) => ({
    Entries: Entries.map(({ Detail }: { readonly Detail: string }) =>
      refused.some((text) => Detail.includes(text))
        ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded.' }
        : { EventId: 'x' },
    ),
  }));
  return { mock, bus: createEventBus({ busArn: BUS, client }) };
}

describe('an event bus', () => {
  it('takes the whole CloudEvent as detail, its type and time in the envelope too', async () => {
    const { mock, bus } = aBus();

    await bus.put([anEvent(1)]);

    expect(mock.commandCalls(PutEventsCommand)[0]?.args[0].input).toEqual({
      Entries: [
        {
          EventBusName: BUS,
          Source: 'almanac',
          DetailType: 'job.settled',
          Time: new Date('2026-11-23T09:00:02Z'),
          Detail: JSON.stringify({
            specversion: '1.0',
            id: 'job-1/settled',
            source: BUS,
            type: 'job.settled',
            subject: 'job-1',
            time: '2026-11-23T09:00:02Z',
            datacontenttype: 'application/json',
            dataschema: 'urn:almanac:event:job.settled:1#/properties/data',
            data: { jobId: 'job-1' },
          }),
        },
      ],
    });
  });

  it('takes any number, ten to a request', async () => {
    const { mock, bus } = aBus();

    expect(await bus.put(many)).toEqual({ taken: 25 });
    expect(mock.commandCalls(PutEventsCommand)).toHaveLength(3);
  });

  it('tells the first that was refused, and sends no request after that one’s', async () => {
    const { mock, bus } = aBus('"job-13"', '"job-15"');

    const refusal = { code: 'ThrottlingException', message: 'Rate exceeded.' };
    expect(await bus.put(many)).toEqual({ taken: 13, refusal });
    expect(mock.commandCalls(PutEventsCommand)).toHaveLength(2);
  });

  it('is unavailable where it does not answer', async () => {
    const { mock, bus } = aBus();
    mock.on(PutEventsCommand).rejects(new Error('socket hang up'));

    await expect(bus.put(many)).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
