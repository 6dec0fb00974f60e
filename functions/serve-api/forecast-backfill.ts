import { pickFirings } from '#shared/domain/backfill/pick-firings.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import type { JobStandingReader } from '#shared/ports/job-standings.ts';
import type { BackfillDraft } from './understand-backfill.ts';

/** What a backfill would find and do. */
export interface BackfillForecast {
  readonly due: number;
  readonly settled: number;
  readonly running: number;
  readonly unknown: number;
  readonly toStart: number;
  /** Whether there were too many jobs to look at all of them. */
  readonly isLowerBound: boolean;
}

/**
 * Counts what a backfill would find, by what one look at the table shows: some thousands of jobs.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function forecastBackfill(
  { fireTimes, force }: BackfillDraft,
  definition: ScheduleDefinition,
  { jobs, now }: { readonly jobs: JobStandingReader; readonly now: EpochSeconds },
): Promise<BackfillForecast> {
  const [from = now] = fireTimes;
  const to = fireTimes.at(-1) ?? from;
  const seen = await jobs.between(definition.scheduleId, { from, to });
  const firings = fireTimes
    .filter((fireTime) => fireTime <= seen.to)
    .map((fireTime) => ({ fireTime, row: seen.standings.get(fireTime) }));
  const rules = {
    policy: definition.policy,
    scheduleCreatedAt: definition.createdAt,
    isForced: force,
    now,
  };
  const { found } = pickFirings(firings, rules, { room: Number.POSITIVE_INFINITY, lookFrom: to });
  const { started: toStart, ...counts } = found;
  return { due: fireTimes.length, ...counts, toStart, isLowerBound: seen.to < to };
}
