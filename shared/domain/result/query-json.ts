import { JMESPathTypeError, search } from '@aws-lambda-powertools/jmespath';

/** What a JMESPath finds in a value, `null` where that is nothing; or why it fails on it. */
export type QueriedJson =
  | { readonly kind: 'found'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly reason: string };

/** Longer expressions are refused: each start carries its schedule's. */
export const LONGEST_QUERY_CHARACTERS = 1_024;

const LONGEST_REASON_CHARACTERS = 160;

/**
 * Evaluates a JMESPath. It never throws, whatever it is given.
 *
 * Loaded only where it is needed: it is much of what a task would have to read at its start.
 *
 * @param value - As `JSON.parse` gives it.
 * @see https://jmespath.org/specification.html
 */
export function queryJson(expression: string, value: unknown): QueriedJson {
  try {
    const found = evaluate(expression, value);
    // The library also finds what every object inherits.
    return { kind: 'found', value: typeof found === 'function' ? null : (found ?? null) };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

/** Finds why an expression is no JMESPath; `undefined` where it is one, though it may fail on some values. */
export function findQueryFault(expression: string): string | undefined {
  try {
    evaluate(expression, null);
  } catch (error) {
    // What it is evaluated on here is not what it was written for.
    if (!(error instanceof JMESPathTypeError)) return reasonOf(error);
  }
  return undefined;
}

/**
 * The space keeps the expression from being the name of a member that every object inherits, which the library's cache would take for
 * something that it has parsed. The type of the library's second parameter leaves out lists and primitives, which it takes.
 */
function evaluate(expression: string, value: unknown): unknown {
  return search(` ${expression}`, value as Parameters<typeof search>[1]);
}

function reasonOf(error: unknown): string {
  const { message } = error instanceof Error ? error : new Error(String(error));
  return message.slice(0, LONGEST_REASON_CHARACTERS);
}
