import * as z from 'zod';
import { requireBatch } from '#local/services/sqs/message-shape.ts';
import type { Queue } from '#local/services/sqs/queue.ts';
import { readReceiptHandle } from '#local/services/sqs/receipt-handle.ts';
import { batchResult } from '#local/services/sqs/send-message.ts';
import {
  onQueue,
  type SqsHandler,
  type SqsOutput,
  wholeNumber,
} from '#local/services/sqs/sqs-call.ts';
import { invalidParameter, sqsFault } from '#local/services/sqs/sqs-fault.ts';

const receipt = z.object({ ReceiptHandle: z.string() });

const visibility = receipt.extend({
  VisibilityTimeout: wholeNumber.pipe(z.int().min(0).max(43_200)),
});

/** Deletes a message; an older receipt, or a message that is gone, is no error. */
export const deleteMessage: SqsHandler = onQueue('DeleteMessage', receipt, ({ queue }, input) =>
  deleteOne(queue, input),
);

/** Deletes up to ten messages. */
export const deleteMessageBatch: SqsHandler = onQueue(
  'DeleteMessage',
  z.object({ Entries: z.array(receipt.extend({ Id: z.string() })).default([]) }),
  ({ queue }, { Entries: entries }) => {
    requireBatch(entries);
    return batchResult(entries, (entry) => deleteOne(queue, entry));
  },
);

/** Hides a message in flight for another time, or shows it at once. */
export const changeMessageVisibility: SqsHandler = onQueue(
  'ChangeMessageVisibility',
  visibility,
  ({ queue }, input) => changeOne(queue, input),
);

/** Hides up to ten messages for other times. */
export const changeMessageVisibilityBatch: SqsHandler = onQueue(
  'ChangeMessageVisibility',
  z.object({ Entries: z.array(visibility.extend({ Id: z.string() })).default([]) }),
  ({ queue }, { Entries: entries }) => {
    requireBatch(entries);
    return batchResult(entries, (entry) => changeOne(queue, entry));
  },
);

function deleteOne(queue: Queue, { ReceiptHandle: handle }: z.infer<typeof receipt>): SqsOutput {
  const { order, receipt: secret } = readReceiptHandle(queue.name, handle);
  queue.delete(order, secret);
  return {};
}

function changeOne(
  queue: Queue,
  { ReceiptHandle: handle, VisibilityTimeout: seconds }: z.infer<typeof visibility>,
): SqsOutput {
  switch (queue.changeVisibility(readReceiptHandle(queue.name, handle), seconds * 1000)) {
    case 'changed':
      return {};
    case 'gone':
      throw invalidParameter(
        `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    case 'visible':
      throw sqsFault('MessageNotInflight', 'The message referred to is not in flight.');
  }
}
