/** Where a part of a job's input came from, as its record tells. */
export interface InputSource {
  /** Where it stands in the input, as a JSON pointer; empty where it is the whole input. */
  readonly pointer: string;
  /** The job whose result was taken; absent where there was none, and null was taken. */
  readonly job?: string;
  /** When that job finished, as ISO 8601. */
  readonly finishedAt?: string;
  /** It was older than asked for, or could not be read: then null was taken. */
  readonly isStale?: true;
}
