import { PermanentError } from '#shared/runner/permanent-error.ts';

/** Says that a request was not sent at all; another attempt would not be either, so none is made. */
export class RequestRefused extends PermanentError {
  override readonly name:
    | 'RequestInvalid'
    /** The address is none of the public internet's. */
    | 'AddressRefused';

  constructor(name: RequestRefused['name'], message: string) {
    super(message);
    this.name = name;
  }
}
