import * as z from 'zod';
import { attributesMd5, bodyMd5, type Message } from '#local/services/sqs/message.ts';
import type { Queue } from '#local/services/sqs/queue.ts';
import { receiptHandle } from '#local/services/sqs/receipt-handle.ts';
import {
  onQueue,
  readInput,
  type SqsCall,
  type SqsHandler,
  type SqsOutput,
  type SqsParts,
  wholeNumber,
} from '#local/services/sqs/sqs-call.ts';

const names = z.array(z.string()).default([]);

const request = z.object({
  MaxNumberOfMessages: wholeNumber.pipe(z.int().min(1).max(10)).default(1),
  VisibilityTimeout: wholeNumber.pipe(z.int().min(0).max(43_200)).optional(),
  WaitTimeSeconds: wholeNumber.pipe(z.int().min(0).max(20)).optional(),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});
type ReceiveRequest = z.infer<typeof request>;

/**
 * Receives up to ten messages, waiting for the first up to twenty seconds of the clock.
 *
 * While the clock stands still there is no such time, and an empty queue is answered at once.
 */
export function receiveMessage(call: SqsCall): ReturnType<SqsHandler> {
  const waitSeconds = readInput(request, call.input).WaitTimeSeconds;
  return {
    ...receive(call),
    ...(waitSeconds !== 0 && call.parts.clock.rate !== 0 && { isWaiting: true }),
  };
}

const receive = onQueue('ReceiveMessage', request, async ({ queue }, input, { parts }) => {
  const waitSeconds = input.WaitTimeSeconds ?? queue.settings.ReceiveMessageWaitTimeSeconds;
  const take = (): readonly Message[] =>
    queue.receive(
      input.MaxNumberOfMessages,
      input.VisibilityTimeout === undefined ? undefined : input.VisibilityTimeout * 1000,
    );
  const atOnce = take();
  const isWaiting = atOnce.length === 0 && waitSeconds > 0 && parts.clock.rate !== 0;
  const messages = isWaiting
    ? await nextMessages(queue, take, { ...parts, waitMs: waitSeconds * 1000 })
    : atOnce;
  return messages.length === 0
    ? {}
    : { Messages: messages.map((message) => received(queue.name, message, input)) };
});

function nextMessages(
  queue: Queue,
  take: () => readonly Message[],
  { clock, polls, waitMs }: Pick<SqsParts, 'clock' | 'polls'> & { readonly waitMs: number },
): Promise<readonly Message[]> {
  return new Promise((resolve) => {
    const finish = (messages: readonly Message[]): void => {
      stopListening();
      cancel();
      polls.delete(giveUp);
      resolve(messages);
    };
    const giveUp = (): void => finish([]);
    const stopListening = queue.onAvailable(() => {
      const messages = take();
      if (messages.length > 0) finish(messages);
    });
    const cancel = clock.schedule(clock.nowMs() + waitMs, giveUp);
    polls.add(giveUp);
  });
}

function received(queueName: string, message: Message, asked: ReceiveRequest): SqsOutput {
  const systemNames = [...asked.AttributeNames, ...asked.MessageSystemAttributeNames];
  const systemAttributes = Object.entries(systemAttributesOf(message)).filter(
    ([name]) => systemNames.includes('All') || systemNames.includes(name),
  );
  const attributes = Object.entries(message.attributes).filter(([name]) =>
    asked.MessageAttributeNames.some((wanted) => isWanted(wanted, name)),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(queueName, message),
    MD5OfBody: bodyMd5(message.body),
    Body: message.body,
    ...(systemAttributes.length > 0 && { Attributes: Object.fromEntries(systemAttributes) }),
    ...(attributes.length > 0 && {
      MD5OfMessageAttributes: attributesMd5(Object.fromEntries(attributes)),
      MessageAttributes: Object.fromEntries(attributes),
    }),
  };
}

/** What SQS itself says of a message that has been received. */
export function systemAttributesOf(message: Message) {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAtMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs ?? message.sentAtMs),
    ...(message.deadLetterSourceArn !== undefined && {
      DeadLetterQueueSourceArn: message.deadLetterSourceArn,
    }),
    ...(message.traceHeader !== undefined && { AWSTraceHeader: message.traceHeader }),
  };
}

function isWanted(wanted: string, name: string): boolean {
  if (wanted === 'All' || wanted === '.*') return true;
  return wanted.endsWith('.*') ? name.startsWith(wanted.slice(0, -2)) : name === wanted;
}
