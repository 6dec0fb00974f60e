import type { JobError } from '#shared/domain/job/job.ts';
import { cutUtf8 } from '#shared/domain/result/utf8.ts';

const NAME_BYTES = 64;
const MESSAGE_BYTES = 384;
const STACK_BYTES = 1_024;

/** Deeper chains of causes are cut; it also ends a chain that bites its own tail. */
const MOST_CAUSES = 4;

/**
 * Puts whatever a task threw into a job's bounded words. It never throws itself, whatever it is given.
 *
 * The messages of the causes are joined on, since the outer one often says nothing: `fetch failed: connect ECONNREFUSED …`.
 */
export function describeError(thrown: unknown): JobError {
  if (!(thrown instanceof Error))
    return { name: 'Thrown', message: cutUtf8(textOf(thrown), MESSAGE_BYTES) };
  const stack = framesOf(read(thrown, 'stack'));
  return {
    name: cutUtf8(read(thrown, 'name') || 'Error', NAME_BYTES),
    message: cutUtf8(messagesOf(thrown).join(': '), MESSAGE_BYTES),
    ...(stack && { stack: cutUtf8(stack, STACK_BYTES) }),
  };
}

function messagesOf(error: Error): readonly string[] {
  const messages: string[] = [];
  let link: unknown = error;
  for (let depth = 0; depth < MOST_CAUSES && link instanceof Error; depth += 1) {
    const message = read(link, 'message') || read(link, 'code');
    if (message && !messages.includes(message)) messages.push(message);
    link = safely(() => (link as Error).cause);
  }
  return messages;
}

/** The first lines of a stack repeat the name and the message. */
function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n');
}

function read(error: Error, member: string): string {
  const value = safely(() => Reflect.get(error, member));
  return typeof value === 'string' ? value : '';
}

function textOf(value: unknown): string {
  const text = safely(() => String(value));
  return typeof text === 'string' ? text : 'a value that cannot be shown';
}

/** A getter or a conversion of a user's own object may throw. */
function safely(get: () => unknown): unknown {
  try {
    return get();
  } catch {
    return undefined;
  }
}
