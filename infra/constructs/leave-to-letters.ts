import { Duration } from 'aws-cdk-lib';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { AlmanacFunction } from '#infra/constructs/almanac-function.ts';
import type { Queues } from '#infra/constructs/queues.ts';

/**
 * Has Lambda not retry a function that takes steps of errands: a step that it could not do goes to the queue of failed invocations at once,
 * and comes again from there.
 */
export function leaveToLetters(owner: AlmanacFunction, { failedInvocations }: Queues): void {
  new EventInvokeConfig(owner, 'Invocations', {
    function: owner.lambda,
    retryAttempts: 0,
    maxEventAge: Duration.hours(6),
    onFailure: { bind: () => ({ destination: failedInvocations.queueArn }) },
  });
}
