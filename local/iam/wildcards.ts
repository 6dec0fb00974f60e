/** Says whether a text is one of those that a pattern stands for. */
export type Matcher = (text: string) => boolean;

/**
 * Reads a pattern in which `*` stands for any letters and `?` for exactly one.
 *
 * @param flags - `i` where letters of either case are the same, as in an action's name.
 */
export function wildcardMatcher(pattern: string, flags: '' | 'i' = ''): Matcher {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, `s${flags}`);
  return (text) => expression.test(text);
}

/**
 * Reads a pattern of ARNs: each of its first five parts matches on its own, so that a `*` never reaches over a colon
 * into the next; the sixth, the resource, may hold colons and slashes.
 *
 * @param pattern - An ARN with wildcards, or a lone `*` for everything.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnMatcher(pattern: string): Matcher {
  if (pattern === '*') return () => true;
  const parts = partsOf(pattern).map((part) => wildcardMatcher(part));
  return (arn) => {
    const actual = partsOf(arn);
    return (
      actual.length === parts.length &&
      parts.every((matches, index) => matches(actual[index] ?? ''))
    );
  };
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
}
