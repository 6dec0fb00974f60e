/** A change of an item, as a function's event has it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly dynamodb: {
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly SequenceNumber: string;
  };
}

/** What Lambda needs of the local DynamoDB: the records of a stream, in order. */
export interface Streams {
  /** @returns The records after a sequence number, or from the oldest; none at the end. */
  read(
    streamArn: string,
    options: { readonly after: string | undefined; readonly limit: number },
  ): Promise<readonly StreamRecord[]>;
  /** Listens to new records, inside the activity that causes them. */
  onAppend(streamArn: string, listener: () => void): () => void;
}
