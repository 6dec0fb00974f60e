import type { Authorizer } from '#local/iam/caller.ts';
import type { LambdaFunction } from '#local/services/lambda/lambda-function.ts';
import type { Queues } from '#local/services/lambda/queues.ts';

export interface DestinationContext {
  readonly authorizer: Authorizer;
  readonly queues: Queues;
  readonly log: (line: string) => void;
}

/**
 * Sends a record of how an invocation ended to a queue, as the function's role.
 *
 * A record that cannot be delivered is lost, as on AWS, where only the metric `DestinationDeliveryFailures` counts it.
 */
export function sendToDestination(
  { authorizer, queues, log }: DestinationContext,
  sender: LambdaFunction,
  delivery: { readonly queueArn: string; readonly record: unknown },
): void {
  const { queueArn, record } = delivery;
  const lost = (why: string) =>
    log(`lambda ${sender.name}: destination delivery failure to ${queueArn}: ${why}`);
  const decision = authorizer.decide(
    { kind: 'role', roleArn: sender.roleArn, actor: sender.name },
    { action: 'sqs:SendMessage', resource: queueArn },
  );
  if (decision.kind === 'denied') {
    lost(decision.message);
    return;
  }
  try {
    queues.send(queueArn, { body: JSON.stringify(record) });
  } catch (error) {
    lost(String(error));
  }
}
