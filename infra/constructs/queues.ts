import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '#infra/acknowledge.ts';

/** How long the functions that read the queues may run. */
export interface QueuesProps {
  readonly startJobsTimeout: Duration;
  readonly settleUndeliveredTimeout: Duration;
}

/**
 * A message stays hidden for this many times its reader's timeout, so that Lambda can try a batch again before others see it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const VISIBILITY_FACTOR = 6;

/** A start that could not be begun this often waits where `settle-undelivered` looks. */
const MOST_RECEIVES = 5;

/** The longest that SQS keeps a message, so that a fortnight's fault loses nothing. */
const LONGEST_RETENTION = Duration.days(14);

/** Makes the starts queue, and the three queues of what did not arrive. */
export class Queues extends Construct {
  /** Starts that EventBridge does not send itself, and schedules to be tried on EventBridge again. */
  readonly starts: Queue;
  /** Starts that EventBridge, or the starts queue, could not deliver to a task. */
  readonly undeliveredStarts: Queue;
  /** Invocations of a task that crashed, timed out, or grew too old. */
  readonly failedInvocations: Queue;
  /** Where in a stream lies what a function could not follow. Nothing reads it: each message is for a person. */
  readonly failedBatches: Queue;

  constructor(scope: Construct, id: string, props: QueuesProps) {
    super(scope, id);
    const { startJobsTimeout, settleUndeliveredTimeout } = props;
    const settled = {
      visibilityTimeout: hiddenFor(settleUndeliveredTimeout),
      retentionPeriod: LONGEST_RETENTION,
    };
    this.undeliveredStarts = this.queue('UndeliveredStarts', settled);
    this.starts = this.queue('Starts', {
      visibilityTimeout: hiddenFor(startJobsTimeout),
      deadLetterQueue: { queue: this.undeliveredStarts, maxReceiveCount: MOST_RECEIVES },
    });
    this.failedInvocations = this.queue('FailedInvocations', settled);
    this.failedBatches = this.queue('FailedBatches', { retentionPeriod: LONGEST_RETENTION });
    acknowledge(this.failedInvocations, 'AwsSolutions-SQS3', {
      grounds: 'end-of-the-line',
      because:
        'It holds what has failed already; a message that cannot be settled is tried again until its fourteen days are over, and a further queue would only hide it.',
    });
    acknowledge(this.failedBatches, 'AwsSolutions-SQS3', {
      grounds: 'end-of-the-line',
      because: 'It is itself where failures end, and has no reader that could fail again.',
    });
  }

  private queue(id: string, props: QueueProps): Queue {
    return new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      ...props,
    });
  }
}

function hiddenFor(timeout: Duration): Duration {
  return Duration.seconds(timeout.toSeconds() * VISIBILITY_FACTOR);
}
