import { JMESPathTypeError } from '@aws-lambda-powertools/jmespath';
import { selectJson } from '#shared/adapters/jmespath/select-json.ts';

/**
 * Finds what is wrong with a JMESPath expression in itself, whatever it is applied to.
 *
 * @returns The library's sentence, or `undefined` for an expression that parses and whose functions there are.
 */
export function findSelectFault(expression: string): string | undefined {
  try {
    selectJson(expression, 'null');
    return undefined;
  } catch (error) {
    // It parses: its functions want something else than null, which they will get.
    if (error instanceof JMESPathTypeError) return undefined;
    return error instanceof Error ? error.message : 'it cannot be read';
  }
}
