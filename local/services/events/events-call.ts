import * as z from 'zod';
import type { Clock } from '#local/clock.ts';
import type { Permission } from '#local/iam/caller.ts';
import { DEFAULT_BUS, type EventBuses } from '#local/services/events/event-buses.ts';
import { eventsFault } from '#local/services/events/events-fault.ts';

/** What EventBridge's operations work with. */
export interface EventsParts {
  readonly clock: Clock;
  readonly buses: EventBuses;
  readonly region: string;
  readonly account: string;
  /** Sends a message to a queue by its ARN. */
  readonly send: (queueArn: string, message: { readonly body: string }) => unknown;
  /** Takes a line for each event that could not be handed on. */
  readonly log: (line: string) => void;
}

/** Understands one operation of EventBridge. */
export type EventsHandler = (
  input: unknown,
  parts: EventsParts,
) => {
  readonly permissions: readonly Permission[];
  run(): Readonly<Record<string, unknown>>;
};

/** A bus by its name or ARN; the account's own where none is named. */
export const busName = z
  .string()
  .default(DEFAULT_BUS)
  .transform((nameOrArn) => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1));

/** Writes the ARN of a bus. */
export function busArn({ region, account }: Place, name: string): string {
  return `arn:aws:events:${region}:${account}:event-bus/${name}`;
}

/** Writes the ARN of a rule; that of the account's own bus leaves the bus out. */
export function ruleArn({ region, account }: Place, bus: string, name: string): string {
  const path = bus === DEFAULT_BUS ? name : `${bus}/${name}`;
  return `arn:aws:events:${region}:${account}:rule/${path}`;
}

type Place = Pick<EventsParts, 'region' | 'account'>;

/** Reads an operation's members. @throws {ServiceFault} `ValidationException`, all faults in one sentence. */
export function readInput<Input>(schema: z.ZodType<Input>, input: unknown): Input {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const faults = issues.map(({ path, message }) => `Value at '${path.join('.')}': ${message}`);
  const count = `${issues.length} validation error${issues.length === 1 ? '' : 's'}`;
  throw eventsFault('ValidationException', `${count} detected: ${faults.join('; ')}`, parsed.error);
}
