import * as z from 'zod';
import { shown } from '#shared/contracts/faults-of.ts';
import { LONGEST_ARCHIVE_DAYS } from '#shared/domain/archive/archive-place.ts';
import { parseDuration } from '#shared/domain/duration.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';

/** `3y` and `P3Y`: nowhere else does a duration take years, whose length is that of the years in which they lie. Here each is 365 days. */
const YEARS = /^(?:(\d{1,2})y|P(\d{1,2})Y)$/;

const keep = z
  .union([z.number(), z.string().max(64)], { error: ({ input }) => sentence(input) })
  .transform((value, context) => {
    const seconds = secondsOf(value);
    if (seconds !== undefined && isWholeDays(seconds)) return seconds;
    context.issues.push({ code: 'custom', input: value, message: sentence(value) });
    return z.NEVER;
  })
  .meta({
    description: `Whole days, counted from the job's expiry, as "90d", "3y" or seconds: a day to ten years; a year is 365 days.`,
    examples: ['3y', '90d'],
  });

function secondsOf(value: number | string): number | undefined {
  const [, short, iso] = YEARS.exec(String(value)) ?? [];
  const years = short ?? iso;
  return years === undefined ? parseDuration(value) : Number(years) * 365 * DAY_SECONDS;
}

function isWholeDays(seconds: number): boolean {
  const days = seconds / DAY_SECONDS;
  return Number.isInteger(days) && days >= 1 && days <= LONGEST_ARCHIVE_DAYS;
}

function sentence(input: unknown): string {
  return `Expected \`archive.keep\` to be whole days, as "90d", "3y", ISO 8601 or seconds, from a day to ten years, got ${shown(input)}.`;
}

/** What becomes of a job and its result once they have expired; read as whole seconds. */
export const archive = z.strictObject({ after: z.literal('expiry'), keep }).meta({
  description:
    'A job and its result go to the archive once the result has expired, or the record where there is no result.',
  examples: [{ after: 'expiry', keep: '3y' }],
});
