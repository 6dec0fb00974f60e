/** What became of a result. */
export const RESULT_STATES = [
  'stored',
  'unchanged',
  'not-selected',
  'unserializable',
  'too-large',
  'off',
] as const;

export type ResultState = (typeof RESULT_STATES)[number];

/** A result on its way into its job's row. */
export type StoredResult =
  | KeptResult
  /** Its schedule does not want it stored, or wants a part that it does not have. */
  | { readonly state: 'not-selected'; readonly reason: string }
  | { readonly state: 'unserializable'; readonly reason: string }
  | { readonly state: 'too-large'; readonly bytes: number }
  /** The schedule keeps no results. */
  | { readonly state: 'off' };

/** A result that is there to be read. */
export type KeptResult = {
  /** The length of the JSON before any compression. */
  readonly bytes: number;
  readonly content: ResultContent;
  /** SHA-256 of the canonical JSON; where the schedule wants changes to be seen. */
  readonly hash?: string;
} & (
  | { readonly state: 'stored' }
  /** `sameAs` is the id of the job that first had it, of those in a row. */
  | { readonly state: 'unchanged'; readonly sameAs: string }
);

/** Where a stored result lies: in the row as JSON text or compressed, or in the payload bucket. */
export type ResultContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'zstd'; readonly data: Uint8Array }
  | { readonly kind: 'payload'; readonly payload: PayloadPointer };

/** Leads to a result in the payload bucket. */
export interface PayloadPointer {
  readonly key: string;
  /** Length of the result itself. */
  readonly bytes: number;
  /** Length of the object, compressed. */
  readonly storedBytes: number;
  /** Of the result itself, in hexadecimal: equal results have equal ones, however they are stored. */
  readonly sha256: string;
  /** The object's Content-Encoding; a file has none, and is stored as it is. */
  readonly encoding?: 'gzip';
  /** The result's media type: `application/json`, or that of the file which the task returned. */
  readonly type: string;
  /** What a file is called. */
  readonly name?: string;
  /** Until when the object's lifecycle class keeps it at least, as ISO 8601. */
  readonly keptUntil: string;
}
