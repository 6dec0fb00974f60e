import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueRecord } from '#shared/adapters/sqs/queue-event.ts';
import { LONGEST_DELAY_SECONDS } from '#shared/adapters/sqs/start-queue.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** The queue of failed invocations, as something to put a letter back into until it can be decided. */
export interface LetterQueue {
  /** Sends a letter anew, received not before an instant or 15 minutes from now, whichever is sooner. */
  sendAgain(record: QueueRecord, notBefore: EpochSeconds): Promise<void>;
}

/** Sends to the queue of failed invocations. */
export function createLetterQueue(options: {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly now: WallClock;
}): LetterQueue {
  const { client, queueUrl, now } = options;
  return {
    sendAgain: async ({ body }, notBefore) => {
      const delay = Math.min(Math.max(notBefore - now(), 0), LONGEST_DELAY_SECONDS);
      try {
        await client.send(
          new SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: JSON.stringify(body),
            DelaySeconds: delay,
          }),
        );
      } catch (error) {
        throwUnavailable(error, 'the queue of failed invocations');
      }
    },
  };
}
