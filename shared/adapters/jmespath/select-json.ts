import { search } from '@aws-lambda-powertools/jmespath';

/**
 * Takes the part of a JSON text that a JMESPath expression names.
 *
 * What comes of it is JSON again: where the library finds what no JSON has, as the `constructor` of an object, that is null.
 *
 * @returns null where there is no such part.
 * @throws the library's error where the expression does not parse, or its functions do not fit the value.
 * @see https://jmespath.org/specification.html
 */
export function selectJson(expression: string, text: string): unknown {
  // The library keeps expressions by name in an object, and takes `constructor` for one that it has parsed; no such name has a space.
  const found: unknown = search(`${expression} `, JSON.parse(text));
  return JSON.parse(JSON.stringify(found ?? null) ?? 'null');
}
