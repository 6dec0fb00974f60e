import { bodyMd5, type Message } from '#local/services/sqs/message.ts';
import { readOutgoing } from '#local/services/sqs/message-shape.ts';
import type { Queues } from '#local/services/sqs/queues.ts';
import { readReceiptHandle, receiptHandle } from '#local/services/sqs/receipt-handle.ts';
import { systemAttributesOf } from '#local/services/sqs/receive-message.ts';
import { invalidParameter } from '#local/services/sqs/sqs-fault.ts';

/** A message in the words of a Lambda event. */
interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: ReturnType<typeof systemAttributesOf>;
  /** Those of texts and numbers; binary ones are not handed on in-process. */
  readonly messageAttributes: Readonly<
    Record<string, { readonly stringValue: string; readonly dataType: string }>
  >;
}

/** The queues as other local services use them, without HTTP: each throws `AWS.SimpleQueueService.NonExistentQueue`. */
export interface InProcessQueues {
  /** @throws {ServiceFault} as SendMessage does, for a body or a delay that does not do. */
  send(
    queueArn: string,
    message: {
      readonly body: string;
      readonly attributes?: Readonly<Record<string, string>> | undefined;
      readonly delaySeconds?: number | undefined;
    },
  ): { readonly messageId: string };
  /** Takes messages in flight for the queue's own visibility timeout; there may be none. */
  receive(queueArn: string, how: { readonly maxMessages: number }): readonly QueueMessage[];
  delete(queueArn: string, receiptHandles: readonly string[]): void;
  /**
   * Listens for messages that become receivable, within the activity that made them so; what was there before is not
   * told again, so receive once when you begin.
   */
  onAvailable(queueArn: string, listener: () => void): () => void;
}

/** Opens the queues to other local services. @param senderId - Whom messages sent here are told to be from. */
export function inProcessQueues(queues: Queues, senderId: string): InProcessQueues {
  return {
    send: (queueArn, { body, attributes = {}, delaySeconds }) => {
      const queue = queues.requireByArn(queueArn);
      const { content, delayMs } = readOutgoing(
        {
          MessageBody: body,
          DelaySeconds: delaySeconds,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, StringValue]) => [
              name,
              { DataType: 'String', StringValue },
            ]),
          ),
        },
        queue.settings.MaximumMessageSize,
      );
      return { messageId: queue.send(content, { senderId, delayMs }).id };
    },
    receive: (queueArn, { maxMessages }) => {
      if (!Number.isInteger(maxMessages) || maxMessages < 1)
        throw invalidParameter(`Value ${maxMessages} for parameter maxMessages is invalid.`);
      const queue = queues.requireByArn(queueArn);
      return queue.receive(maxMessages).map((message) => asQueueMessage(queue.name, message));
    },
    delete: (queueArn, receiptHandles) => {
      const queue = queues.requireByArn(queueArn);
      for (const handle of receiptHandles) {
        const { order, receipt } = readReceiptHandle(queue.name, handle);
        queue.delete(order, receipt);
      }
    },
    onAvailable: (queueArn, listener) => queues.requireByArn(queueArn).onAvailable(listener),
  };
}

function asQueueMessage(queueName: string, message: Message): QueueMessage {
  const texts = Object.entries(message.attributes).flatMap(
    ([name, { DataType: dataType, StringValue: stringValue }]) =>
      stringValue === undefined ? [] : [[name, { stringValue, dataType }]],
  );
  return {
    messageId: message.id,
    receiptHandle: receiptHandle(queueName, message),
    body: message.body,
    md5OfBody: bodyMd5(message.body),
    attributes: systemAttributesOf(message),
    messageAttributes: Object.fromEntries(texts),
  };
}
