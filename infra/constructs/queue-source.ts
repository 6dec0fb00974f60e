import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import type { Grant } from '#infra/grant.ts';

/** The most messages of one invocation; each is reported by itself if it fails. */
const BATCH_SIZE = 10;

/** What a function needs so that Lambda can read a queue for it, in its name. */
export function grantQueueSource(queue: IQueue): Grant {
  return {
    actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    resources: [queue.queueArn],
  };
}

/**
 * Calls a function with what arrives in a queue.
 *
 * Needs {@link grantQueueSource} among the function's grants. CDK's own event source would grant for itself, more than is used.
 *
 * @param id - The mapping's id below the function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function addQueueSource(target: AlmanacFunction, id: string, queue: IQueue): void {
  new EventSourceMapping(target, id, {
    target: target.lambda,
    eventSourceArn: queue.queueArn,
    batchSize: BATCH_SIZE,
    reportBatchItemFailures: true,
  });
}
