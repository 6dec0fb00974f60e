import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '#infra/acknowledge.ts';

/** How long one batch of ends may take. */
export const SETTLE_FOREIGN_TIMEOUT = Duration.seconds(60);

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_FACTOR = 6;

/** Makes the queue to which Lambda sends how the functions of adopted tasks ended. */
export class ForeignEnds extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(SETTLE_FOREIGN_TIMEOUT.toSeconds() * VISIBILITY_FACTOR),
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.queue, 'AwsSolutions-SQS3', {
      grounds: 'end-of-the-line',
      because:
        'Each message is the only word of how a job ended; one that cannot be settled is tried again until its fourteen days are over, and a further queue would only hide it.',
    });
  }
}
