/** Ends the command with a sentence on standard error; 2 says that the command line itself is wrong, 1 anything else. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: 1 | 2;

  constructor(message: string, options: { readonly exitCode: 1 | 2; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode;
  }
}
