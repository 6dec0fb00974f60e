import type { Weight } from '#shared/domain/usage/budget.ts';
import { inMicrodollars } from '#shared/domain/usage/describe-amount.ts';
import type { Forecast } from '#shared/domain/usage/forecast.ts';

/** More than any schedule comes to, so that a sum of hundreds is still a number that JSON and DynamoDB's client hold exactly: ten terabytes. */
const LARGEST_BYTES = 10_000_000_000_000;

/**
 * Says what a schedule weighs in budgets: what is stored at full, and what a month then costs.
 *
 * @param forecast - Absent where nothing says how often it runs: such a schedule weighs nothing until it has run.
 */
export function weightOf(forecast: Forecast | undefined): Weight {
  const { tableBytes = 0, objectBytes = 0 } = forecast?.atFull ?? {};
  return {
    storedBytes: Math.min(tableBytes + objectBytes, LARGEST_BYTES),
    microdollars: inMicrodollars(forecast?.dollarsPerMonth?.total ?? 0),
  };
}
