import * as z from 'zod';
import { ServiceFault } from '#local/services/local-service.ts';
import { transportPolicy } from '#local/services/s3/transport-policy.ts';
import { invalidParameter, sqsFault } from '#local/services/sqs/sqs-fault.ts';

/** The largest message, and the largest batch, in bytes. See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const LARGEST_MESSAGE_BYTES = 1_048_576;

const redrivePolicy = z.strictObject({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});

const redriveAllowPolicy = z.strictObject({
  redrivePermission: z.enum(['allowAll', 'denyAll', 'byQueue']),
  sourceQueueArns: z.array(z.string()).max(10).optional(),
});

function seconds(most: number, standard: number, least = 0) {
  return z.coerce.number().int().min(least).max(most).default(standard);
}

/**
 * What a queue is told, under AWS's names and with AWS's defaults.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export const queueSettings = z.strictObject({
  DelaySeconds: seconds(900, 0),
  MaximumMessageSize: z.coerce
    .number()
    .int()
    .min(1024)
    .max(LARGEST_MESSAGE_BYTES)
    .default(LARGEST_MESSAGE_BYTES),
  MessageRetentionPeriod: seconds(1_209_600, 345_600, 60),
  ReceiveMessageWaitTimeSeconds: seconds(20, 0),
  VisibilityTimeout: seconds(43_200, 30),
  SqsManagedSseEnabled: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
    .default(true),
  RedrivePolicy: redrivePolicy.optional(),
  RedriveAllowPolicy: redriveAllowPolicy.optional(),
  Policy: transportPolicy.optional(),
});
export type QueueSettings = z.infer<typeof queueSettings>;

const AS_JSON = ['RedrivePolicy', 'RedriveAllowPolicy', 'Policy'];

/**
 * Reads attributes as the API takes them, all texts, over the settings that stand.
 *
 * @throws {ServiceFault} `InvalidAttributeName`, `InvalidAttributeValue` or `InvalidParameterValue`; FIFO queues and
 *   keys of KMS are refused as not served here.
 */
export function changeSettings(
  standing: Partial<QueueSettings>,
  attributes: Readonly<Record<string, string>>,
): QueueSettings {
  const changes = Object.entries(attributes).map(([name, text]) => {
    if (name === 'FifoQueue' || name.startsWith('Kms'))
      throw sqsFault(
        'UnsupportedOperation',
        `The local cloud has standard queues without KMS keys only: ${name} is not served.`,
      );
    if (!(name in queueSettings.shape))
      throw new ServiceFault('InvalidAttributeName', `Unknown Attribute ${name}.`);
    return [name, AS_JSON.includes(name) ? readJson(name, text) : text];
  });
  const parsed = queueSettings.safeParse({ ...standing, ...Object.fromEntries(changes) });
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0]?.path[0]);
  throw invalidAttribute(name, attributes[name] ?? '', parsed.error);
}

/** An empty text takes a policy away. */
function readJson(name: string, text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    const invalid = invalidAttribute(name, text, error);
    throw invalid;
  }
}

function invalidAttribute(name: string, value: string, cause: unknown): ServiceFault {
  return AS_JSON.includes(name)
    ? invalidParameter(
        `Value ${value} for parameter ${name} is invalid. Reason: ${describe(cause)}`,
        cause,
      )
    : new ServiceFault('InvalidAttributeValue', `Invalid value for the parameter ${name}.`, {
        cause,
      });
}

function describe(cause: unknown): string {
  return cause instanceof z.ZodError
    ? cause.issues.map(({ message }) => message).join('; ')
    : 'it is not valid JSON.';
}

/** Writes settings as the API gives attributes: all texts. */
export function settingsAsTexts(settings: QueueSettings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  );
}
