/** What a task returns to have a file kept as its result, byte for byte: a CSV, a PDF, an image. */
export interface ResultFile {
  /** All of it, or its parts in order as they come, as Node's and the web's streams give them. A text is written in UTF-8. */
  readonly body: Uint8Array | string | AsyncIterable<Uint8Array | string>;
  /** Its media type, as `text/csv; charset=utf-8`: whoever reads the result is told it. */
  readonly type: string;
  /** The name that a browser saves it under. */
  readonly name?: string;
}

const FILE = Symbol('result file');

/** Marks a task's result as a file, which is kept as it is instead of as JSON: `return resultFile({body, type: 'text/csv'})`. */
export function resultFile(file: ResultFile): ResultFile {
  return Object.assign({ ...file }, { [FILE]: true });
}

/** Tells whether a task has returned a file. */
export function isResultFile(value: unknown): value is ResultFile {
  return typeof value === 'object' && value !== null && FILE in value;
}
