import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { batchEntries } from '#shared/adapters/event-bridge/batch-entries.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';
import { cloudEvent } from '#shared/domain/event/cloud-event.ts';
import type { EventBus, PutEvents } from '#shared/ports/event-bus.ts';

/** The `source` of EventBridge's own envelope; the CloudEvent's is the ARN of the bus. */
const SOURCE = 'almanac';

/** Tells what has happened on an event bus of EventBridge. */
export function createEventBus(options: {
  readonly busArn: string;
  readonly client?: EventBridgeClient;
}): EventBus {
  const { busArn, client = new EventBridgeClient() } = options;
  return {
    put: async (events) => {
      const batches = batchEntries(events.map((event) => entryOf(event, busArn)));
      let taken = 0;
      for (const batch of batches) {
        const put = await putBatch(client, batch);
        if (put.refusal) return { ...put, taken: taken + put.taken };
        taken += put.taken;
      }
      return { taken };
    },
  };
}

/** An event as EventBridge takes it: the whole CloudEvent is the detail, so that it stays whole wherever a rule sends it. */
function entryOf(event: AlmanacEvent, busArn: string): PutEventsRequestEntry {
  return {
    EventBusName: busArn,
    Source: SOURCE,
    DetailType: event.type,
    Time: new Date(event.time),
    Detail: JSON.stringify(cloudEvent(event, busArn)),
  };
}

async function putBatch(
  client: EventBridgeClient,
  batch: readonly PutEventsRequestEntry[],
): Promise<PutEvents> {
  try {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [...batch] }));
    const refused = Entries.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
    const { ErrorCode: code = '', ErrorMessage: message = '' } = Entries[refused] ?? {};
    return refused === -1
      ? { taken: batch.length }
      : { taken: refused, refusal: { code, message } };
  } catch (error) {
    return throwUnavailable(error, 'the event bus');
  }
}
