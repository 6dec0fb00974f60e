import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { OPERATOR_KEY } from '#local/iam/callers.ts';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

/** What EventBridge hands to a target, and the CloudEvent in it. */
const envelope = z.object({
  'detail-type': z.string(),
  source: z.string(),
  time: z.string(),
  detail: z.looseObject({
    id: z.string(),
    type: z.string(),
    time: z.string(),
    data: z.record(z.string(), z.unknown()),
  }),
});

export type Envelope = z.output<typeof envelope>;

/** Someone who has the events of a played cloud sent to a queue of theirs. */
export interface Subscriber extends Disposable {
  /** Takes what has come since it was last asked, in order. */
  received(): Promise<readonly Envelope[]>;
}

/** Subscribes to events of the stack's bus, by a rule with a queue as its target. */
export async function subscribe(
  { cloud, sqs }: CloudPlay,
  { name, pattern }: { readonly name: string; readonly pattern: object },
): Promise<Subscriber> {
  const { events, region, account } = cloud.endpoints;
  const credentials = { accessKeyId: OPERATOR_KEY, secretAccessKey: OPERATOR_KEY };
  const client = new EventBridgeClient({ endpoint: events, region, credentials });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const bus = { EventBusName: cloud.deployment.outputs['EventBus'] };
  const rule = { ...bus, Name: name, EventPattern: JSON.stringify(pattern) };
  await client.send(new PutRuleCommand(rule));
  const Targets = [{ Id: 'queue', Arn: `arn:aws:sqs:${region}:${account}:${name}` }];
  await client.send(new PutTargetsCommand({ ...bus, Rule: name, Targets }));
  return {
    received: async () => {
      const all: Envelope[] = [];
      for (;;) {
        const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
        const { Messages = [] } = await sqs.send(receive);
        if (Messages.length === 0) return all;
        all.push(...Messages.map(({ Body = '' }) => envelope.parse(JSON.parse(Body))));
        const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      }
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}
