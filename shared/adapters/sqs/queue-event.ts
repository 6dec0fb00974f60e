import * as z from 'zod';
import type { BatchResponse } from '#shared/adapters/batch-response.ts';
import { logger } from '#shared/adapters/logger.ts';

/** One message, as a queue hands it to a function. */
export interface QueueRecord {
  readonly messageId: string;
  /** The body, parsed as JSON where it is JSON, else the text. */
  readonly body: unknown;
  /** The string attributes that its sender gave it. */
  readonly attributes: Readonly<Record<string, string>>;
}

const queueEvent = z.object({
  Records: z.array(
    z
      .object({
        messageId: z.string(),
        body: z.string(),
        messageAttributes: z
          .record(z.string(), z.object({ stringValue: z.string().optional() }))
          .default({}),
      })
      .transform(
        ({ messageId, body, messageAttributes }): QueueRecord => ({
          messageId,
          body: parseJson(body),
          attributes: Object.fromEntries(
            Object.entries(messageAttributes).map(([name, { stringValue = '' }]) => [
              name,
              stringValue,
            ]),
          ),
        }),
      ),
  ),
});

/**
 * Reads the event by which a queue calls a function.
 *
 * @throws a schema error for anything else.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function parseQueueEvent(event: unknown): readonly QueueRecord[] {
  return queueEvent.parse(event).Records;
}

/** Handles the messages of a batch side by side, and says which failed. */
export async function answerBatch(
  records: readonly QueueRecord[],
  handle: (record: QueueRecord) => Promise<void>,
): Promise<BatchResponse> {
  const ends = await Promise.allSettled(records.map(handle));
  const batchItemFailures = records.flatMap(({ messageId }, at) => {
    const end = ends[at];
    if (end?.status !== 'rejected') return [];
    logger.error('A message could not be handled and will be delivered again.', {
      messageId,
      error: end.reason,
    });
    return [{ itemIdentifier: messageId }];
  });
  return { batchItemFailures };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
