import * as z from 'zod';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { DAY_SECONDS, readDate } from '#shared/domain/triggers/civil-date.ts';
import { NO_USAGE, type Usage } from '#shared/domain/usage/usage.ts';
import type { UsagePart } from '#shared/ports/usage-store.ts';

/** The index of the Usage table that lists totals; its keys are `kind` and `scheduleId`. */
export const USAGE_BY_ID = 'byId';

/** The value of `kind` on every total, and on no day. */
export const TOTAL_KIND = 'total';

/** A day's sums are kept for so long: a year, and a month to compare it with the one before. */
const DAYS_KEPT = 400;

const count = z.number();
const stock = z.object({ count, bytes: count });
const stocks = z.object({ inline: stock, s3: stock });
const lastJob = z.object({
  jobId: z.string(),
  outcome: z.enum(OUTCOMES),
  finishedAt: z.string(),
});

const usageItem = z.object({
  // A sum may be older than an outcome.
  jobs: z
    .partialRecord(z.enum(OUTCOMES), count)
    .transform((jobs) => ({ ...NO_USAGE.jobs, ...jobs })),
  written: stocks,
  removed: stocks,
  writeUnits: count,
  lastJob: lastJob.exactOptional(),
  lastSuccess: lastJob.exactOptional(),
  settledUpTo: z.string(),
  removedUpTo: z.string(),
});

/**
 * Reads a sum from its item.
 *
 * @throws a schema error for an item that Almanac did not write.
 */
export function usageFromItem(item: unknown): Usage {
  return usageItem.parse(item);
}

/** Writes a sum as its item: a total is listed, and a day leaves by TTL when it is of no use any more. */
export function usageToItem(scheduleId: string, part: UsagePart, usage: Usage) {
  return {
    scheduleId,
    part,
    ...usage,
    ...(part === 'total' ? { kind: TOTAL_KIND } : { expiresAt: expiryOf(part) }),
  };
}

/** Names the part that a day's sums are. */
export function dayPart(day: string): UsagePart {
  return `day#${day}`;
}

/** Reads the day out of a part. */
export function dayOfPart(part: string): string {
  return part.slice('day#'.length);
}

function expiryOf(part: UsagePart): number {
  return ((readDate(dayOfPart(part)) ?? 0) + DAYS_KEPT) * DAY_SECONDS;
}
