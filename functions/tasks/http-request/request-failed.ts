/** Says that a request came to nothing, in words without headers, queries or credentials. */
export class RequestFailed extends Error {
  override readonly name:
    | 'BodyTooLarge'
    | 'NoAnswer'
    | 'RequestTimedOut'
    | 'TooManyRedirects'
    | 'UnexpectedStatus';

  constructor(name: RequestFailed['name'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}
