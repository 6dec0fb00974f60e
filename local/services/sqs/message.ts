import { createHash } from 'node:crypto';
import * as z from 'zod';

const messageAttribute = z.strictObject({
  DataType: z.string(),
  StringValue: z.string().optional(),
  /** Base64. */
  BinaryValue: z.string().optional(),
});
export type MessageAttribute = z.infer<typeof messageAttribute>;

/** What a sender says: a body and attributes. */
const messageContent = z.strictObject({
  body: z.string(),
  attributes: z.record(z.string(), messageAttribute),
  /** The one system attribute that a sender may give. */
  traceHeader: z.string().optional(),
});
export type MessageContent = z.infer<typeof messageContent>;

/** A message's row. Rows are never changed, only replaced: a queue tells a stale one by its identity. */
export const message = z.strictObject({
  ...messageContent.shape,
  id: z.string(),
  /** Its place among the messages of its queue, and its key. */
  order: z.int(),
  senderId: z.string(),
  sentAtMs: z.int(),
  /** Receivable from then on: the end of its delay or of its visibility timeout. */
  visibleAtMs: z.int(),
  receiveCount: z.int(),
  firstReceivedAtMs: z.int().optional(),
  /** The secret of its latest receipt handle; empty before the first receive. */
  receipt: z.string(),
  /** The queue that gave it up, in a dead-letter queue. */
  deadLetterSourceArn: z.string().optional(),
});
export type Message = z.infer<typeof message>;

/** Digests a body as SQS does, for the SDKs to compare. */
export function bodyMd5(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/**
 * Digests message attributes as SQS does, for the SDKs to compare.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function attributesMd5(attributes: Readonly<Record<string, MessageAttribute>>): string {
  const hash = createHash('md5');
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes).sort(
    ([one], [other]) => (one < other ? -1 : 1),
  )) {
    for (const text of [name, DataType]) hash.update(withLength(Buffer.from(text)));
    const isBinary = DataType.startsWith('Binary');
    hash.update(Buffer.of(isBinary ? 2 : 1));
    hash.update(
      withLength(
        isBinary ? Buffer.from(BinaryValue ?? '', 'base64') : Buffer.from(StringValue ?? ''),
      ),
    );
  }
  return hash.digest('hex');
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Counts a message's bytes towards its limit: its body, and its attributes with their names and types. */
export function contentBytes({ body, attributes }: MessageContent): number {
  const attributeBytes = Object.entries(attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) =>
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue ?? '') +
      Buffer.byteLength(BinaryValue ?? '', 'base64'),
  );
  return attributeBytes.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(body));
}
