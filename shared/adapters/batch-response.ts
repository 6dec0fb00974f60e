/** What a function answers about a batch of a queue or a stream: these records are delivered again, in a stream all after them too. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}
