/** Why a job's input cannot be made; also the name of its error. */
export type InputFault =
  /** A result is not there, or too old. */
  | 'StaleInput'
  /** A `select` does not fit the result that it is applied to. */
  | 'UnfitInput'
  /** The results are too large. */
  | 'LargeInput';

/** What becomes of a job whose input cannot be made. */
export interface InputEnd {
  readonly name: InputFault;
  readonly outcome: 'error' | 'skipped';
  /** No later attempt can find anything else, so none is made. */
  readonly isFinal: boolean;
}

/** Ends an attempt before its function is called, as the results that its input refers to cannot be had. */
export class InputUnavailable extends Error {
  override readonly name: InputFault;
  /** None: it would tell of the runner alone. */
  override readonly stack = '';
  readonly end: InputEnd;

  constructor(message: string, end: InputEnd) {
    super(message);
    this.name = end.name;
    this.end = end;
  }
}
