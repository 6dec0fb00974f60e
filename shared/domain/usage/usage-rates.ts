import { readDate } from '#shared/domain/triggers/civil-date.ts';
import { storedNow, type Usage } from '#shared/domain/usage/usage.ts';

/** What a schedule came to on one day. */
export interface DayUsage {
  /** In UTC, as `2026-11-23`. */
  readonly day: string;
  readonly usage: Usage;
}

/** What a schedule comes to in a day, on average; bytes as they are stored. */
export interface UsageRates {
  /** How many days it is the average of. */
  readonly days: number;
  readonly jobs: number;
  readonly writeUnits: number;
  readonly writtenInlineBytes: number;
  readonly writtenS3Bytes: number;
  readonly writtenS3Objects: number;
  /** What was written less what was removed. */
  readonly grownBytes: number;
}

/**
 * Averages the days that are over, from the first on which anything happened; days on which nothing did count too.
 *
 * @param days - Oldest first.
 * @param today - Counts only where there is no other, as it is yet to end.
 * @returns `undefined` where there is nothing to average.
 */
export function usageRates(days: readonly DayUsage[], today: string): UsageRates | undefined {
  const over = days.filter(({ day }) => day < today);
  const counted = over.length > 0 ? over : days;
  const [first] = counted;
  if (!first) return undefined;
  const length = over.length > 0 ? daysBetween(first.day, today) : 1;
  const mean = (of: (usage: Usage) => number) =>
    counted.reduce((sum, { usage }) => sum + of(usage), 0) / length;
  return {
    days: length,
    jobs: mean(jobsIn),
    writeUnits: mean(({ writeUnits }) => writeUnits),
    writtenInlineBytes: mean(({ written }) => written.inline.bytes),
    writtenS3Bytes: mean(({ written }) => written.s3.bytes),
    writtenS3Objects: mean(({ written }) => written.s3.count),
    grownBytes: mean((usage) => {
      const { inline, s3 } = storedNow(usage);
      return inline.bytes + s3.bytes;
    }),
  };
}

/** Counts all settled jobs, however they ended. */
export function jobsIn({ jobs }: Usage): number {
  return Object.values(jobs).reduce((sum, count) => sum + count, 0);
}

function daysBetween(first: string, today: string): number {
  return (readDate(today) ?? 0) - (readDate(first) ?? 0);
}
