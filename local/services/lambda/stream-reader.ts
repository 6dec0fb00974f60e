import type { EventFilter } from '#local/services/lambda/event-filter.ts';
import { countWithinPayload } from '#local/services/lambda/payload-limits.ts';
import type { StreamRecord, Streams } from '#local/services/lambda/streams.ts';

/** A point in a stream: after a record, or before all. */
interface StreamPlace {
  readonly streamArn: string;
  readonly after: string | undefined;
}

/** What lies next in a stream. */
export interface Gathered {
  /** Those that pass the filter, oldest first, as many as make a batch. */
  readonly records: readonly StreamRecord[];
  /** The last record looked at; `undefined` when there was none. */
  readonly through: string | undefined;
  /** Whether more records would not fit. */
  readonly isFull: boolean;
}

/** Most records of one read. See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html */
const RECORDS_PER_READ = 1000;

/** Reads on in a stream until a batch is full or the stream ends, and holds back what the filter does not pass. */
export async function gatherBatch(
  streams: Streams,
  from: StreamPlace,
  bounds: { readonly batchSize: number; readonly filter: EventFilter },
): Promise<Gathered> {
  const { batchSize, filter } = bounds;
  const records: StreamRecord[] = [];
  const sizes: number[] = [];
  let through = from.after;
  for await (const record of recordsFrom(streams, from, Math.min(batchSize, RECORDS_PER_READ))) {
    if (filter(record)) {
      sizes.push(Buffer.byteLength(JSON.stringify(record)));
      if (countWithinPayload(sizes) < sizes.length) return { records, through, isFull: true };
      records.push(record);
    }
    through = record.dynamodb.SequenceNumber;
    if (records.length === batchSize) return { records, through, isFull: true };
  }
  return { records, through, isFull: false };
}

/** Finds the newest record of a stream, for a mapping that starts with what comes after it. */
export async function lastSequenceNumber(
  streams: Streams,
  streamArn: string,
): Promise<string | undefined> {
  let last: string | undefined;
  const all = recordsFrom(streams, { streamArn, after: undefined }, RECORDS_PER_READ);
  for await (const record of all) last = record.dynamodb.SequenceNumber;
  return last;
}

async function* recordsFrom(
  streams: Streams,
  from: StreamPlace,
  limit: number,
): AsyncGenerator<StreamRecord> {
  let after = from.after;
  for (;;) {
    const page = await streams.read(from.streamArn, { after, limit });
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = last.dynamodb.SequenceNumber;
  }
}
