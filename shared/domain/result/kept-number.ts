/** A smaller number is no number of DynamoDB's. See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const SMALLEST_NUMBER = 1e-100;

/** Tells whether a value is a number that both JavaScript and DynamoDB hold exactly: 0, or 1e-100 to 2^53 - 1 on either side of it. */
export function isKeptNumber(value: unknown): value is number {
  if (typeof value !== 'number') return false;
  const size = Math.abs(value);
  return size <= Number.MAX_SAFE_INTEGER && (size === 0 || size >= SMALLEST_NUMBER);
}
