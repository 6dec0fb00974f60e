import { storedNow, type Usage } from '#shared/domain/usage/usage.ts';
import type { DayUsage, UsageRates } from '#shared/domain/usage/usage-rates.ts';

/** Shows the sums of a schedule as the API answers them. */
export function usageResource(scheduleId: string, usage: Usage) {
  const { jobs, writeUnits, lastJob, lastSuccess } = usage;
  return {
    scheduleId,
    jobs,
    stored: storedNow(usage),
    writeUnits,
    ...(lastJob && { lastJob }),
    ...(lastSuccess && { lastSuccess }),
  };
}

/** Shows the sums of one day. */
export function dayResource({ day, usage: { jobs, written, removed, writeUnits } }: DayUsage) {
  return { day, jobs, written, removed, writeUnits };
}

/** Shows what a day comes to on average. */
export function ratesResource(rates: UsageRates) {
  const { days, jobs, writtenInlineBytes, writtenS3Bytes, grownBytes, writeUnits } = rates;
  return { days, jobs, writtenBytes: writtenInlineBytes + writtenS3Bytes, grownBytes, writeUnits };
}
