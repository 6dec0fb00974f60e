import * as z from 'zod';
import type { MetricSum } from '#shared/domain/rollup/metric-sum.ts';
import type { Rollup } from '#shared/domain/rollup/rollup.ts';
import { type RollupPart, readRollupPart, rollupPart } from '#shared/domain/rollup/rollup-part.ts';
import { decodeSketch, encodeSketch } from '#shared/domain/rollup/sketch-bytes.ts';

const metricSum = z
  .object({
    count: z.int(),
    // As text: a sum may be larger than any number that DynamoDB and JavaScript both hold exactly.
    sum: z.string().transform(Number),
    min: z.number(),
    max: z.number(),
    bins: z.instanceof(Uint8Array),
  })
  .transform(({ bins, ...sum }): MetricSum => ({ ...sum, sketch: decodeSketch(bins) }));

const rollupItem = z.object({
  metrics: z
    .record(z.string(), metricSum)
    .transform((sums): Rollup['metrics'] => new Map(Object.entries(sums))),
  settledUpTo: z.string(),
  expiresAt: z.int(),
});

const rollupKey = z.object({
  part: z.string().transform((part, context) => {
    const read = readRollupPart(part);
    if (read) return { part: rollupPart(read.grain, read.from), from: read.from };
    context.issues.push({ code: 'custom', input: part, message: 'Expected an hour or a day.' });
    return z.NEVER;
  }),
});

/**
 * Reads a rollup from its item.
 *
 * @throws a schema error for an item that Almanac did not write.
 */
export function rollupFromItem(item: unknown): Rollup {
  return rollupItem.parse(item);
}

/**
 * Reads which hour or day an item is of.
 *
 * @throws a schema error for one that is of none.
 */
export function rollupKeyOf(item: unknown) {
  return rollupKey.parse(item).part;
}

/** Writes a rollup as its item: all metrics of the schedule in one, which leaves by TTL. */
export function rollupToItem(scheduleId: string, part: RollupPart, rollup: Rollup) {
  const { metrics, ...rest } = rollup;
  const sums = [...metrics].map(([name, { sketch, sum, ...counts }]) => [
    name,
    { ...counts, sum: String(sum), bins: encodeSketch(sketch) },
  ]);
  return { scheduleId, part, metrics: Object.fromEntries(sums), ...rest };
}
