import { defineTask, type TaskRun } from '#shared/runner/define-task.ts';

/** One sale of the generated dataset. */
interface Sale {
  readonly id: string;
  readonly soldOn: string;
  readonly region: Region;
  readonly product: string;
  readonly quantity: number;
  /** In cents. */
  readonly amount: number;
}

/** The sales of a dataset, with sums in cents. */
export interface SalesReport {
  readonly rows: readonly Sale[];
  readonly totals: Readonly<Record<Region, number>>;
  readonly total: number;
}

const REGIONS = ['north', 'east', 'south', 'west'] as const;
type Region = (typeof REGIONS)[number];

const PRODUCTS = [
  { name: 'Wall calendar', price: 1290 },
  { name: 'Desk calendar', price: 990 },
  { name: 'Pocket almanac', price: 1850 },
  { name: 'Star chart', price: 2400 },
  { name: 'Tide table', price: 1575 },
] as const;

const DEFAULT_ROWS = 20;
const DEFAULT_SEED = 1;

/** About two and a half megabytes of JSON. */
const MOST_ROWS = 20_000;

/** Reports the sales of a generated dataset; the same input gives the same report. */
export function reportSales({ input }: Pick<TaskRun, 'input'>): SalesReport {
  const { rows: count, seed } = readInput(input);
  const random = mulberry32(seed);
  const rows = Array.from({ length: count }, (_, index) => makeSale(index, random));
  const totals: Record<Region, number> = { north: 0, east: 0, south: 0, west: 0 };
  for (const { region, amount } of rows) totals[region] += amount;
  return { rows, totals, total: rows.reduce((sum, { amount }) => sum + amount, 0) };
}

/** Runs {@link reportSales} as a task. */
export const handler = defineTask(reportSales);

function makeSale(index: number, random: () => number): Sale {
  const product = pick(PRODUCTS, random);
  const quantity = 1 + Math.floor(random() * 9);
  const day = 1 + Math.floor(random() * 28);
  return {
    id: `S-${String(index + 1).padStart(6, '0')}`,
    soldOn: `2026-02-${String(day).padStart(2, '0')}`,
    region: pick(REGIONS, random),
    product: product.name,
    quantity,
    amount: quantity * product.price,
  };
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('Expected something to pick from, got nothing.');
  return item;
}

/**
 * Makes a generator of numbers from 0 to below 1 that repeats itself for the same seed.
 *
 * @see https://github.com/cprosche/mulberry32 (public domain)
 */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function readInput(input: unknown): { readonly rows: number; readonly seed: number } {
  const { rows = DEFAULT_ROWS, seed = DEFAULT_SEED }: Record<string, unknown> = Object(input);
  if (typeof rows !== 'number' || !Number.isInteger(rows) || rows < 0 || rows > MOST_ROWS)
    throw new TypeError(`Expected rows to be a whole number from 0 to ${MOST_ROWS}.`);
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed))
    throw new TypeError('Expected seed to be a whole number.');
  return { rows, seed };
}
