/** Why a request came to nothing: the job's error has it as its name. */
type FailureName =
  /** The address is none of the public internet's. */
  | 'AddressRefused'
  | 'BodyTooLarge'
  | 'NoAnswer'
  | 'RequestInvalid'
  | 'RequestTimedOut'
  | 'TooManyRedirects'
  | 'UnexpectedStatus';

/** Says that a request came to nothing, in words without headers, queries or credentials. */
export class RequestFailed extends Error {
  override readonly name: FailureName;

  constructor(name: FailureName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}
