import * as z from 'zod';
import type { Clock } from '#local/clock.ts';
import { invalidRequest } from '#local/services/dynamodb/dynalite-fault.ts';
import { ServiceFault } from '#local/services/local-service.ts';

/** How long an iterator can be used. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html */
const ITERATOR_MS = 15 * 60 * 1000;

const Position = z.strictObject({ after: z.string().optional(), issuedAtMs: z.number() });

/** A place in a stream, as a client carries it from one GetRecords to the next. */
export interface StreamPosition {
  readonly streamArn: string;
  /** The last sequence number that has been read; from the oldest record when absent. */
  readonly after: string | undefined;
}

/** Writes a position as an iterator. */
export function shardIterator(position: StreamPosition, clock: Clock): string {
  const content = { after: position.after, issuedAtMs: clock.nowMs() };
  const text = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${position.streamArn}|1|${text}`;
}

/**
 * Reads what {@link shardIterator} wrote.
 *
 * @throws {ServiceFault} `ValidationException` for anything else, `ExpiredIteratorException` when it is too old.
 */
export function parseShardIterator(iterator: string, clock: Clock): StreamPosition {
  const [streamArn, , text] = iterator.split('|');
  const position = Position.safeParse(parsed(text));
  if (streamArn === undefined || !position.success) throw invalidRequest('Invalid ShardIterator');
  if (position.data.issuedAtMs <= clock.nowMs() - ITERATOR_MS)
    throw new ServiceFault('ExpiredIteratorException', 'Iterator expired.');
  return { streamArn, after: position.data.after };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(text ?? '', 'base64url').toString());
  } catch {
    return undefined;
  }
}
