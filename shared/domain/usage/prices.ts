/** What a region charges, in US dollars. */
export interface Prices {
  /** When they were looked up, as `2026-11-23`. */
  readonly asOf: string;
  /** A write unit of a table on demand. */
  readonly writeUnit: number;
  /** A gigabyte in a table for a month. */
  readonly tableGbMonth: number;
  /** The same gigabyte for point-in-time recovery, which every table has. */
  readonly recoveryGbMonth: number;
  /** Putting an object into S3. */
  readonly put: number;
  /** A gigabyte in S3 Standard for a month. */
  readonly objectGbMonth: number;
}

/**
 * The prices of three regions that have the same.
 *
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 * @see https://aws.amazon.com/s3/pricing/
 */
const US: Prices = {
  asOf: '2026-11-23',
  writeUnit: 0.625 / 1_000_000,
  tableGbMonth: 0.25,
  recoveryGbMonth: 0.2,
  put: 0.005 / 1_000,
  objectGbMonth: 0.023,
};

const PRICES: Readonly<Record<string, Prices>> = {
  'us-east-1': US,
  'us-east-2': US,
  'us-west-2': US,
};

/**
 * Finds what a region charges, before any free tier, discount and tax.
 *
 * @returns `undefined` for a region that is not in this file: add it, with the day on which you looked its prices up.
 */
export function pricesOf(region: string): Prices | undefined {
  return PRICES[region];
}
