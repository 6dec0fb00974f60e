import { functionNotFound } from '#local/services/lambda/lambda-faults.ts';
import { functionNameOf, type LambdaFunction } from '#local/services/lambda/lambda-function.ts';

/**
 * Finds a function by its name, its ARN, or a part of that.
 *
 * @throws {ServiceFault} `ResourceNotFoundException`.
 */
export function findFunction(
  functions: ReadonlyMap<string, LambdaFunction>,
  reference: string,
): LambdaFunction {
  const found = functions.get(functionNameOf(reference) ?? '');
  if (!found) throw functionNotFound(reference);
  return found;
}
