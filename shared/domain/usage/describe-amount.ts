import type { Measure } from '#shared/domain/usage/budget.ts';

const MICRODOLLARS = 1_000_000;

/** Says an amount of a budget in words, as `$12.50 a month` or `5,000 bytes`. */
export function describeAmount(measure: Measure, amount: number): string {
  if (measure === 'storedBytes') return `${grouped(amount)} bytes`;
  const dollars = inDollars(amount);
  return `$${Number.isInteger(dollars * 100) ? dollars.toFixed(2) : dollars} a month`;
}

/** Says millionths of a dollar in dollars. */
export function inDollars(microdollars: number): number {
  return microdollars / MICRODOLLARS;
}

/** Says dollars in millionths, whole ones: sums of these are exact. */
export function inMicrodollars(dollars: number): number {
  return Math.round(dollars * MICRODOLLARS);
}

function grouped(amount: number): string {
  return amount.toLocaleString('en-US');
}
