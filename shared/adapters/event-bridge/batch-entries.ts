import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MOST_ENTRIES = 10;

/** The limit was raised to 1 MB; the older one still stands in parts of AWS's documentation, and costs nothing to keep. */
const MOST_BYTES = 262_144;

/** Divides entries, in their order, into requests as large as `PutEvents` takes. An entry beyond the limit is alone in its own. */
export function batchEntries(
  entries: readonly PutEventsRequestEntry[],
): readonly (readonly PutEventsRequestEntry[])[] {
  const batches: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entryBytes(entry);
    const open = batches.at(-1);
    if (open && open.length < MOST_ENTRIES && bytes + size <= MOST_BYTES) {
      open.push(entry);
      bytes += size;
    } else {
      batches.push([entry]);
      bytes = size;
    }
  }
  return batches;
}

/**
 * Counts what an entry takes of a request's size.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size
 */
export function entryBytes(entry: PutEventsRequestEntry): number {
  const { Time, Source = '', DetailType = '', Detail = '', Resources = [] } = entry;
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : 14);
}
