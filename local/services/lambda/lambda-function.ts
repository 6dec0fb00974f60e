/** A function as the template defines it. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly description: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  /** The folder with the unzipped code. */
  readonly codeFolder: string;
  readonly runtime: string;
  readonly architecture: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly ephemeralStorageMb: number;
  readonly variables: Readonly<Record<string, string>>;
  /** Invocations at once; more are throttled, and 0 refuses all. Without it, this machine's limits alone hold. */
  readonly reservedConcurrency: number | undefined;
  readonly logging: FunctionLogging;
  /** Epoch milliseconds of its making in this run. */
  readonly createdAtMs: number;
}

interface FunctionLogging {
  readonly group: string;
  readonly format: 'JSON' | 'Text';
  /** Such as `INFO`; lines below it are left out. Only with the JSON format. */
  readonly applicationLevel: string | undefined;
}

/** The only version there is here. */
export const LATEST = '$LATEST';

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const REFERENCE =
  /^(?:arn:aws:lambda:)?(?:[a-z]{2}-[a-z]+-\d:)?(?:\d{12}:)?(?:function:)?([A-Za-z0-9_-]{1,64})(?::\$LATEST)?$/;

/**
 * Reads a function's name out of any form that AWS takes: the name, the ARN, or a part of the ARN, each with or without
 * `:$LATEST`.
 *
 * @returns `undefined` for another qualifier, or what is no reference.
 */
export function functionNameOf(reference: string): string | undefined {
  return REFERENCE.exec(reference)?.[1];
}
