import * as z from 'zod';
import { ServiceFault } from '#local/services/local-service.ts';
import { contentBytes, type MessageContent } from '#local/services/sqs/message.ts';
import { readInput, wholeNumber } from '#local/services/sqs/sqs-call.ts';
import { invalidParameter, sqsFault } from '#local/services/sqs/sqs-fault.ts';

/** Characters that a body may not have. See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const MOST_ATTRIBUTES = 10;

const attribute = z
  .strictObject({
    DataType: z
      .string()
      .max(256)
      .regex(/^(String|Number|Binary)(\..+)?$/, 'the type must be String, Number or Binary'),
    StringValue: z.string().min(1).optional(),
    BinaryValue: z.base64().min(1).optional(),
    StringListValues: z.never().optional(),
    BinaryListValues: z.never().optional(),
  })
  .refine(
    ({ DataType, StringValue, BinaryValue }) =>
      (DataType.startsWith('Binary') ? BinaryValue : StringValue) !== undefined,
    'an attribute must have a value of its type',
  )
  .refine(
    ({ DataType, StringValue }) =>
      !DataType.startsWith('Number') || Number.isFinite(Number(StringValue)),
    'the value of a Number must be one',
  )
  .transform(({ DataType, StringValue, BinaryValue }) => ({ DataType, StringValue, BinaryValue }));

const attributeName = z
  .string()
  .max(256)
  .regex(/^(?!\.)(?!.*\.\.)[\w.-]+(?<!\.)$/)
  .regex(/^(?!aws\.|amazon\.)/i, 'the names AWS. and Amazon. are reserved');

/** The members of SendMessage, and of an entry of its batch. */
export const outgoing = z.object({
  MessageBody: z.string(),
  DelaySeconds: wholeNumber.pipe(z.int().min(0).max(900)).optional(),
  MessageAttributes: z.record(attributeName, attribute).default({}),
  MessageSystemAttributes: z
    .record(
      z.literal('AWSTraceHeader'),
      z.object({ DataType: z.literal('String'), StringValue: z.string() }),
    )
    .optional(),
});

/** A message that may be sent, and how long it is held back. */
export interface Outgoing {
  readonly content: MessageContent;
  readonly delayMs: number | undefined;
}

/**
 * Reads a message that is to be sent.
 *
 * @param largestBytes - The queue's own limit.
 * @throws {ServiceFault} `MissingParameter`, `InvalidParameterValue` or `InvalidMessageContents`.
 */
export function readOutgoing(given: unknown, largestBytes: number): Outgoing {
  const sent = readInput(outgoing, given);
  if (sent.MessageBody === '')
    throw new ServiceFault(
      'MissingParameter',
      'The request must contain the parameter MessageBody.',
    );
  if (FORBIDDEN.test(sent.MessageBody))
    throw new ServiceFault(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  if (Object.keys(sent.MessageAttributes).length > MOST_ATTRIBUTES)
    throw invalidParameter(
      `Number of message attributes [${Object.keys(sent.MessageAttributes).length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`,
    );
  const content = {
    body: sent.MessageBody,
    attributes: sent.MessageAttributes,
    traceHeader: sent.MessageSystemAttributes?.['AWSTraceHeader']?.StringValue,
  };
  if (contentBytes(content) > largestBytes)
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${largestBytes} bytes.`,
    );
  const delaySeconds = sent.DelaySeconds;
  return { content, delayMs: delaySeconds === undefined ? undefined : delaySeconds * 1000 };
}

/**
 * Holds a batch's entries against the rules of all batches.
 *
 * @throws {ServiceFault} `AWS.SimpleQueueService.` with `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`,
 *   `InvalidBatchEntryId` or `BatchEntryIdsNotDistinct`.
 */
export function requireBatch(entries: readonly { readonly Id: string }[]): void {
  const ids = entries.map(({ Id }) => Id);
  if (ids.length === 0)
    throw sqsFault('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (ids.length > 10)
    throw sqsFault(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${ids.length}.`,
    );
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id)))
    throw sqsFault(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  const repeated = ids.find((id, at) => ids.indexOf(id) !== at);
  if (repeated !== undefined)
    throw sqsFault('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
}
