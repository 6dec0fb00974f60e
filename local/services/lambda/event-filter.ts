import * as z from 'zod';

/** Tells whether a record passes. */
export type EventFilter = (record: unknown) => boolean;

/** Tests the leaf at the end of a path; `undefined` stands for one that is not there. */
type LeafTest = (leaf: unknown) => boolean;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const text = z.strictObject({ prefix: z.string() }).or(z.strictObject({ suffix: z.string() }));
const comparison = z.enum(['=', '<', '<=', '>', '>=']);
const numeric = z.union([
  z.tuple([comparison, z.number()]),
  z.tuple([comparison, z.number(), comparison, z.number()]),
]);

/** The operators that are taken; any other is refused rather than passed over. */
const operator = z.union([
  scalar.transform(
    (value): LeafTest =>
      (leaf) =>
        leaf === value,
  ),
  text.transform(textTest),
  z.strictObject({ exists: z.boolean() }).transform(
    ({ exists }): LeafTest =>
      (leaf) =>
        (leaf !== undefined) === exists,
  ),
  z
    .strictObject({ 'anything-but': z.union([scalar, z.array(scalar).min(1), text]) })
    .transform((test): LeafTest => anythingBut(test['anything-but'])),
  z.strictObject({ numeric }).transform((test): LeafTest => numericTest(test.numeric)),
]);

const operators = z.array(operator).min(1);

/**
 * Reads the patterns of an event source mapping.
 *
 * A pattern names paths into a record; at the end of each stands a list of values and operators, one of which must hold:
 * an exact value, `prefix`, `suffix`, `exists`, `anything-but` or `numeric`. All paths of a pattern must hold.
 *
 * @param patterns - JSON texts; none lets all records pass.
 * @returns Passes a record that one of the patterns holds for.
 * @throws for a pattern that is not JSON, or holds an operator that is not known here.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export function eventFilter(patterns: readonly string[]): EventFilter {
  if (patterns.length === 0) return () => true;
  const filters = patterns.map((pattern) => patternFilter(pattern));
  return (record) => filters.some((passes) => passes(record));
}

function patternFilter(pattern: string): EventFilter {
  try {
    return objectFilter(JSON.parse(pattern));
  } catch (error) {
    throw new Error(`Expected a filter pattern that the local cloud knows, got ${pattern}.`, {
      cause: error,
    });
  }
}

function objectFilter(pattern: unknown): EventFilter {
  const members = Object.entries(z.record(z.string(), z.unknown()).parse(pattern));
  const tests = members.map(([name, inner]): EventFilter => {
    const passes = Array.isArray(inner) ? leafFilter(inner) : objectFilter(inner);
    return (record) => passes(memberOf(record, name));
  });
  if (tests.length === 0) throw new Error('Expected a pattern to name a member.');
  return (record) => tests.every((passes) => passes(record));
}

/** An array's leaves are its elements; an object is no leaf, so that for `exists` it is not there. */
function leafFilter(alternatives: unknown): EventFilter {
  const tests = operators.parse(alternatives);
  return (value) => leavesOf(value).some((leaf) => tests.some((holds) => holds(leaf)));
}

function leavesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap(leavesOf);
  return typeof value === 'object' && value !== null ? [undefined] : [value];
}

function memberOf(record: unknown, name: string): unknown {
  if (typeof record !== 'object' || record === null || !Object.hasOwn(record, name))
    return undefined;
  return Reflect.get(record, name);
}

function textTest(test: z.infer<typeof text>): LeafTest {
  if ('prefix' in test) return (leaf) => typeof leaf === 'string' && leaf.startsWith(test.prefix);
  return (leaf) => typeof leaf === 'string' && leaf.endsWith(test.suffix);
}

function anythingBut(
  unwanted: z.infer<typeof scalar> | readonly z.infer<typeof scalar>[] | z.infer<typeof text>,
): LeafTest {
  if (Array.isArray(unwanted)) return (leaf) => leaf !== undefined && !unwanted.includes(leaf);
  if (typeof unwanted === 'object' && unwanted !== null) {
    const matches = textTest(text.parse(unwanted));
    return (leaf) => typeof leaf === 'string' && !matches(leaf);
  }
  return (leaf) => leaf !== undefined && leaf !== unwanted;
}

function numericTest(test: z.infer<typeof numeric>): LeafTest {
  const [sign, bound] = test;
  if (test.length === 2) return (leaf) => typeof leaf === 'number' && compares(leaf, sign, bound);
  const [, , secondSign, secondBound] = test;
  return (leaf) =>
    typeof leaf === 'number' &&
    compares(leaf, sign, bound) &&
    compares(leaf, secondSign, secondBound);
}

function compares(value: number, sign: z.infer<typeof comparison>, bound: number): boolean {
  switch (sign) {
    case '=':
      return value === bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
  }
}
