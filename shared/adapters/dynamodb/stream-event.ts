import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { BatchResponse } from '#shared/adapters/batch-response.ts';
import { logger } from '#shared/adapters/logger.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** One change of a table, as a stream hands it to a function. */
export interface StreamChange {
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly sequenceNumber: string;
  /** When it was made; a stream says so to the second at best. */
  readonly at: EpochSeconds;
  readonly keys: Readonly<Record<string, unknown>>;
  readonly newItem?: Readonly<Record<string, unknown>>;
  readonly oldItem?: Readonly<Record<string, unknown>>;
}

/** An attribute as a function's event has it: as the SDK's, but for bytes, which JSON can hold only as base64. */
const attribute: z.ZodType<AttributeValue> = z.lazy(() =>
  z.union([
    z.object({ S: z.string() }),
    z.object({ N: z.string() }),
    z.object({ B: bytes }),
    z.object({ BOOL: z.boolean() }),
    z.object({ NULL: z.literal(true) }),
    z.object({ M: z.record(z.string(), attribute) }),
    z.object({ L: z.array(attribute) }),
    z.object({ SS: z.array(z.string()) }),
    z.object({ NS: z.array(z.string()) }),
    z.object({ BS: z.array(bytes) }),
  ]),
);

const bytes = z.string().transform((base64): Uint8Array => Buffer.from(base64, 'base64'));

const image = z.record(z.string(), attribute).transform((attributes) => unmarshall(attributes));

const streamEvent = z.object({
  Records: z.array(
    z
      .object({
        eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
        dynamodb: z.object({
          SequenceNumber: z.string(),
          ApproximateCreationDateTime: z.number(),
          Keys: image,
          NewImage: image.exactOptional(),
          OldImage: image.exactOptional(),
        }),
      })
      .transform(
        ({ eventName, dynamodb }): StreamChange => ({
          eventName,
          sequenceNumber: dynamodb.SequenceNumber,
          at: Math.floor(dynamodb.ApproximateCreationDateTime),
          keys: dynamodb.Keys,
          ...(dynamodb.NewImage && { newItem: dynamodb.NewImage }),
          ...(dynamodb.OldImage && { oldItem: dynamodb.OldImage }),
        }),
      ),
  ),
});

/**
 * Reads the event by which a table's stream calls a function.
 *
 * @throws a schema error for anything else.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export function parseStreamEvent(event: unknown): readonly StreamChange[] {
  return streamEvent.parse(event).Records;
}

/**
 * Handles the changes of a batch in order, and stops at the first that fails: what comes after it may build on it.
 */
export async function answerStream(
  changes: readonly StreamChange[],
  handle: (change: StreamChange) => Promise<void>,
): Promise<BatchResponse> {
  for (const change of changes) {
    try {
      await handle(change);
    } catch (error) {
      const { sequenceNumber } = change;
      logger.error('A change could not be handled and will be delivered again.', {
        sequenceNumber,
        error,
      });
      return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}
