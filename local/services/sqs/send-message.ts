import * as z from 'zod';
import { ServiceFault } from '#local/services/local-service.ts';
import { attributesMd5, bodyMd5, contentBytes, type Message } from '#local/services/sqs/message.ts';
import { outgoing, readOutgoing, requireBatch } from '#local/services/sqs/message-shape.ts';
import type { Queue } from '#local/services/sqs/queue.ts';
import { LARGEST_MESSAGE_BYTES } from '#local/services/sqs/queue-settings.ts';
import { onQueue, type SqsHandler, type SqsOutput } from '#local/services/sqs/sqs-call.ts';
import { sqsFault } from '#local/services/sqs/sqs-fault.ts';

/** Sends one message. */
export const sendMessage: SqsHandler = onQueue(
  'SendMessage',
  z.record(z.string(), z.unknown()),
  ({ queue }, input, { senderId }) => sent(send(queue, input, senderId)),
);

const batch = z.object({
  Entries: z.array(z.looseObject({ Id: z.string() })).default([]),
});

/** Sends up to ten messages, each with an end of its own. */
export const sendMessageBatch: SqsHandler = onQueue(
  'SendMessage',
  batch,
  ({ queue }, { Entries: entries }, { senderId }) => {
    requireBatch(entries);
    requireBatchSize(entries);
    return batchResult(entries, (entry) => sent(send(queue, entry, senderId)));
  },
);

/**
 * Carries out a batch entry by entry.
 *
 * @param one - Throws a fault to fail its entry alone.
 */
export function batchResult<Entry extends { readonly Id: string }>(
  entries: readonly Entry[],
  one: (entry: Entry) => SqsOutput,
): SqsOutput {
  const successful: SqsOutput[] = [];
  const failed: SqsOutput[] = [];
  for (const entry of entries)
    try {
      successful.push({ Id: entry.Id, ...one(entry) });
    } catch (error) {
      if (!(error instanceof ServiceFault)) throw error;
      failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  return {
    Successful: successful,
    ...(failed.length > 0 && { Failed: failed }),
  };
}

function send(queue: Queue, input: unknown, senderId: string): Message {
  const { content, delayMs } = readOutgoing(input, queue.settings.MaximumMessageSize);
  return queue.send(content, { senderId, delayMs });
}

function sent({ id, body, attributes, traceHeader }: Message): SqsOutput {
  return {
    MessageId: id,
    MD5OfMessageBody: bodyMd5(body),
    ...(Object.keys(attributes).length > 0 && {
      MD5OfMessageAttributes: attributesMd5(attributes),
    }),
    ...(traceHeader !== undefined && {
      MD5OfMessageSystemAttributes: attributesMd5({
        AWSTraceHeader: { DataType: 'String', StringValue: traceHeader },
      }),
    }),
  };
}

/** Entries that do not parse fail by themselves later, and count nothing here. */
function requireBatchSize(entries: readonly unknown[]): void {
  const bytes = entries
    .map((entry) => outgoing.safeParse(entry))
    .map(({ data }) =>
      data ? contentBytes({ body: data.MessageBody, attributes: data.MessageAttributes }) : 0,
    )
    .reduce((sum, each) => sum + each, 0);
  if (bytes > LARGEST_MESSAGE_BYTES)
    throw sqsFault(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${LARGEST_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
}
