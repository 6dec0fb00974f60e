import * as z from 'zod';
import { arnMatcher, type Matcher, wildcardMatcher } from '#local/iam/wildcards.ts';

/** A request's condition keys, in whatever case the service writes them. */
export type RequestContext = Readonly<Record<string, string>>;

/** One condition of a statement, ready to be held against requests. */
export interface PolicyCondition {
  readonly operator: Operator;
  /** Lower-case: AWS compares keys without regard to case. */
  readonly key: string;
  readonly values: readonly string[];
}

const OPERATORS = {
  StringEquals: equals,
  StringLike: wildcardMatcher,
  ArnEquals: arnMatcher,
  ArnLike: arnMatcher,
  Bool: (value) => (text) => text.toLowerCase() === value.toLowerCase(),
  'ForAllValues:StringEquals': equals,
  'ForAllValues:StringLike': wildcardMatcher,
} as const satisfies Record<string, (value: string) => Matcher>;

type Operator = keyof typeof OPERATORS;

const value = z
  .union([z.string(), z.boolean(), z.number()])
  .transform(String)
  .refine((text) => !text.includes('${'), 'expected no policy variable: none is evaluated here');

/**
 * Reads a `Condition` element.
 *
 * An operator or a policy variable that is not evaluated here is an issue, so that no statement is ever half understood.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const conditionSchema = z
  .record(
    z.string(),
    z.record(z.string(), z.union([value.transform((one) => [one]), z.array(value).min(1)])),
  )
  .transform((operators, context) => {
    const conditions: PolicyCondition[] = [];
    for (const [name, keys] of Object.entries(operators)) {
      if (isOperator(name))
        for (const [key, values] of Object.entries(keys))
          conditions.push({ operator: name, key: key.toLowerCase(), values });
      else
        context.addIssue({
          code: 'custom',
          message: `expected a condition operator that is evaluated here, got ${name}`,
        });
    }
    return conditions;
  });

/**
 * Compiles conditions into one question: do all of them hold for a request?
 *
 * A key that the request does not have fails its condition, except under `ForAllValues`, which asks nothing of an
 * absent key.
 */
export function conditionMatcher(
  conditions: readonly PolicyCondition[],
): (context: RequestContext) => boolean {
  const compiled = conditions.map(({ operator, key, values }) => ({
    key,
    holdsWhenAbsent: operator.startsWith('ForAllValues:'),
    matchers: values.map((text) => OPERATORS[operator](text)),
  }));
  return (context) => {
    const actual = new Map(Object.entries(context).map(([key, text]) => [key.toLowerCase(), text]));
    return compiled.every(({ key, holdsWhenAbsent, matchers }) => {
      const text = actual.get(key);
      return text === undefined ? holdsWhenAbsent : matchers.some((matches) => matches(text));
    });
  };
}

function isOperator(name: string): name is Operator {
  return Object.hasOwn(OPERATORS, name);
}

function equals(value: string): Matcher {
  return (text) => text === value;
}
