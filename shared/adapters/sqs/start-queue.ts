import { SendMessageCommand, type SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { serializeStart } from '#shared/domain/job/start.ts';
import type { QueuedMessage, StartQueue } from '#shared/ports/start-queue.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';

/** SQS delays a message no longer; its receiver sends one on that is still early. See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export const LONGEST_DELAY_SECONDS = 900;

/** Sends to the starts queue. */
export function createStartQueue(options: {
  readonly queueUrl: string;
  readonly now: WallClock;
  readonly client?: SQSClient;
}): StartQueue {
  const { queueUrl, now, client = new SQSClient() } = options;
  return {
    send: async (message) => {
      try {
        await client.send(new SendMessageCommand(sendParams(queueUrl, message, now())));
      } catch (error) {
        throwUnavailable(error, 'the starts queue');
      }
    },
  };
}

function sendParams(
  queueUrl: string,
  message: QueuedMessage,
  now: EpochSeconds,
): SendMessageCommandInput {
  return {
    QueueUrl: queueUrl,
    MessageBody: bodyOf(message),
    DelaySeconds: Math.min(Math.max(message.notBefore - now, 0), LONGEST_DELAY_SECONDS),
  };
}

/** A start is written as EventBridge gets it, so that there is one form of it everywhere; when it is due stands behind it. */
function bodyOf(message: QueuedMessage): string {
  if (message.kind !== 'start') return JSON.stringify(message);
  return `${serializeStart(message.start).slice(0, -1)},"notBefore":${message.notBefore}}`;
}
