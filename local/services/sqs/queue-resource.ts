import * as z from 'zod';
import { transportPolicy } from '#local/services/s3/transport-policy.ts';
import { queueSettings } from '#local/services/sqs/queue-settings.ts';
import type { Queues } from '#local/services/sqs/queues.ts';
import { physicalName } from '#local/template/physical-name.ts';
import { type ResourceType, resourceType } from '#local/template/resource-type.ts';

/** Longest name of a queue. See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const LONGEST_NAME = 80;

const queueProperties = queueSettings.omit({ Policy: true }).extend({
  QueueName: z
    .string()
    .refine((name) => !name.endsWith('.fifo'), 'FIFO queues are not served by the local cloud')
    .optional(),
  FifoQueue: z
    .literal(false, { error: 'FIFO queues are not served by the local cloud' })
    .optional(),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
});

const queuePolicyProperties = z.strictObject({
  Queues: z.array(z.string()),
  PolicyDocument: transportPolicy,
});

/** Tells the resource types that SQS makes. */
export function sqsResourceTypes(
  queues: Queues,
  urlOf: (queueName: string) => string,
): readonly ResourceType[] {
  return [queueType(queues, urlOf), queuePolicyType(queues)];
}

function queueType(queues: Queues, urlOf: (queueName: string) => string): ResourceType {
  return resourceType({
    type: 'AWS::SQS::Queue',
    properties: queueProperties,
    inert: {},
    identify: (scope) => {
      const name = scope.property('QueueName') ?? physicalName(scope, LONGEST_NAME);
      return {
        ref: urlOf(name),
        attributes: { Arn: queues.arnOf(name), QueueName: name, QueueUrl: urlOf(name) },
      };
    },
    create: ({ QueueName, FifoQueue, Tags, ...settings }, identity) =>
      queues.set(
        nameInUrl(identity.ref),
        settings,
        Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key, Value])),
      ),
  });
}

function queuePolicyType(queues: Queues): ResourceType {
  return resourceType({
    type: 'AWS::SQS::QueuePolicy',
    properties: queuePolicyProperties,
    inert: {},
    identify: ({ stackName, logicalId }) => ({
      ref: `${stackName}-${logicalId}`,
      attributes: {},
    }),
    create: ({ Queues: urls, PolicyDocument }) => {
      for (const url of urls) {
        const { queue } = queues.require(nameInUrl(url));
        queues.set(queue.name, { ...queue.settings, Policy: PolicyDocument });
      }
    },
  });
}

function nameInUrl(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
