import type { Json, Template } from '#local/template/parse-template.ts';
import { ResolveFault, type ResolveScope, resolveValue } from '#local/template/resolve-value.ts';

/**
 * Evaluates the conditions of a template, each once and only when asked for.
 *
 * @param scope - Where the operands of `Fn::Equals` look up parameters and maps.
 * @returns Whether a condition holds, by name; throws a {@link ResolveFault} for what is not a condition.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export function evaluateConditions(
  conditions: Template['Conditions'],
  scope: ResolveScope,
): (name: string) => boolean {
  const known = new Map<string, boolean | 'evaluating'>();
  const holds = (name: string): boolean => {
    const before = known.get(name);
    if (before === 'evaluating')
      throw new ResolveFault(`Expected conditions without a circle, got one through ${name}.`);
    if (before !== undefined) return before;
    const definition = conditions[name];
    if (definition === undefined)
      throw new ResolveFault(`Expected a condition that the template defines, got ${name}.`);
    known.set(name, 'evaluating');
    const value = evaluate(definition, `Conditions.${name}`);
    known.set(name, value);
    return value;
  };
  const evaluate = (definition: Json, path: string): boolean => {
    const [name, argument] = soleEntry(definition);
    if (name === 'Condition' && typeof argument === 'string') return holds(argument);
    if (!Array.isArray(argument)) throw notACondition(definition);
    if (name === 'Fn::Equals' && argument.length === 2) {
      const [one, other] = argument.map((operand) => resolveValue(operand, path, scope));
      return String(one) === String(other);
    }
    const combine = COMBINATIONS[name];
    if (combine === undefined) throw notACondition(definition);
    return combine(argument.map((operand) => evaluate(operand, path)));
  };
  return holds;
}

const COMBINATIONS: Readonly<Record<string, (operands: readonly boolean[]) => boolean>> = {
  'Fn::Not': ([operand]) => !operand,
  'Fn::And': (operands) => operands.every(Boolean),
  'Fn::Or': (operands) => operands.some(Boolean),
};

function soleEntry(definition: Json): readonly [string, Json] {
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition))
    throw notACondition(definition);
  const [first, ...others] = Object.entries(definition);
  if (first === undefined || others.length > 0) throw notACondition(definition);
  return first;
}

function notACondition(got: Json): ResolveFault {
  return new ResolveFault(
    `Expected Fn::Equals, Fn::Not, Fn::And, Fn::Or or a condition's name, got ${JSON.stringify(got)}.`,
  );
}
