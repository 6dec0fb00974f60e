import * as z from 'zod';
import type { Clock } from '#local/clock.ts';
import type { Permission } from '#local/iam/caller.ts';
import { type Operation, ServiceFault } from '#local/services/local-service.ts';
import type { KnownQueue, Queues } from '#local/services/sqs/queues.ts';
import { invalidParameter } from '#local/services/sqs/sqs-fault.ts';

/** What SQS's operations work with. */
export interface SqsParts {
  readonly clock: Clock;
  readonly queues: Queues;
  /** Ends each long poll that is waiting, for when the service closes. */
  readonly polls: Set<() => void>;
  readonly account: string;
  urlOf(queueName: string): string;
}

/** One call of SQS, whichever protocol it came by, in the shape that the JSON protocol gives it. */
export interface SqsCall {
  readonly input: Readonly<Record<string, unknown>>;
  /** Who sends, as the attribute `SenderId` tells. */
  readonly senderId: string;
  readonly parts: SqsParts;
}

/** The members of an answer; `undefined` ones are left out. */
export type SqsOutput = Readonly<Record<string, unknown>>;

/** One operation, understood but not yet put in a protocol's words. */
type SqsOperation = Pick<Operation, 'permissions' | 'isWaiting'> & {
  run(): SqsOutput | Promise<SqsOutput>;
};

/** Understands one operation of SQS. */
export type SqsHandler = (call: SqsCall) => SqsOperation;

/** A whole number, which the query protocol sends as text. */
export const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,10}$/)
    .transform(Number),
]);

/** Makes a handler of an operation on the queue that `QueueUrl` names. */
export function onQueue<Input>(
  action: string,
  schema: z.ZodType<Input>,
  run: (known: KnownQueue, input: Input, call: SqsCall) => SqsOutput | Promise<SqsOutput>,
): SqsHandler {
  return (call) => {
    const name = queueNameOf(call);
    const input = readInput(schema, call.input);
    return {
      permissions: [permission(action, call.parts.queues.arnOf(name))],
      run: () => run(call.parts.queues.require(name), input, call),
    };
  };
}

/** Names a permission on a queue, or on `*`. */
export function permission(action: string, resource: string): Permission {
  return { action: `sqs:${action}`, resource };
}

/** Reads an operation's members; others are passed over. @throws {ServiceFault} `MissingParameter` or `InvalidParameterValue`. */
export function readInput<Input>(schema: z.ZodType<Input>, input: unknown): Input {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.path.join('.') ?? '';
  if (issue?.input === undefined)
    throw new ServiceFault('MissingParameter', `The request must contain the parameter ${name}.`, {
      cause: parsed.error,
    });
  throw invalidParameter(
    `Value ${JSON.stringify(issue.input)} for parameter ${name} is invalid. Reason: ${issue.message}`,
    parsed.error,
  );
}

/** Takes the queue's name from the end of its URL; whichever host stands before it, it is the one here. */
function queueNameOf({ input }: SqsCall): string {
  const url = input['QueueUrl'];
  if (typeof url !== 'string' || url === '')
    throw new ServiceFault('MissingParameter', 'The request must contain the parameter QueueUrl.');
  const name = /(?:^|\/)(?:\d{12}\/)?([\w-]{1,80})\/?$/.exec(url)?.[1];
  if (name !== undefined) return name;
  throw new ServiceFault('InvalidAddress', `The address ${url} is not valid for this endpoint.`, {
    status: 404,
  });
}
