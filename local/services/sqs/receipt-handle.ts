import { ServiceFault } from '#local/services/local-service.ts';
import type { Message } from '#local/services/sqs/message.ts';

/** What a receipt handle stands for. */
export type Receipt = Pick<Message, 'order' | 'receipt'>;

/** Writes the handle by which a receiver names a message, good until the message is received again. */
export function receiptHandle(queueName: string, { order, receipt }: Receipt): string {
  return Buffer.from(`${queueName} ${order} ${receipt}`).toString('base64');
}

/** Reads a handle. @throws {ServiceFault} `ReceiptHandleIsInvalid`, also for one of another queue. */
export function readReceiptHandle(queueName: string, handle: string): Receipt {
  const text = Buffer.from(handle, 'base64').toString();
  const [name, order = '', receipt = '', ...more] = text.split(' ');
  if (name === queueName && /^\d{1,15}$/.test(order) && receipt !== '' && more.length === 0)
    return { order: Number(order), receipt };
  throw new ServiceFault(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    { status: 404 },
  );
}
