/** A message as SQS hands it out. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** `ApproximateReceiveCount`, `SentTimestamp`, `ApproximateFirstReceiveTimestamp`, `SenderId`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<
    Record<string, { readonly stringValue?: string | undefined; readonly dataType: string }>
  >;
}

/** What Lambda needs of the local SQS: destinations send, event source mappings receive. */
export interface Queues {
  send(queueArn: string, message: { readonly body: string }): unknown;
  /** Hides what it gives for the queue's visibility timeout. */
  receive(queueArn: string, options: { readonly maxMessages: number }): readonly QueueMessage[];
  delete(queueArn: string, receiptHandles: readonly string[]): void;
  /** Listens to messages becoming receivable, inside the activity that causes it. */
  onAvailable(queueArn: string, listener: () => void): () => void;
}
