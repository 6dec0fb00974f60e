import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { LONGEST_LEASE_SECONDS } from '#shared/domain/job/lease.ts';
import { DEFAULT_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import { expiryAttributes } from '#shared/domain/result/expiry-attributes.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import type { SchedulePolicy } from '#shared/domain/schedule/schedule-policy.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import {
  ASSUMED_RESULT_BYTES,
  type Forecast,
  type ForecastBasis,
  forecast,
  TYPICAL_WRITE_UNITS,
} from '#shared/domain/usage/forecast.ts';
import { jobsPerDay } from '#shared/domain/usage/jobs-per-day.ts';
import type { Prices } from '#shared/domain/usage/prices.ts';
import type { Usage } from '#shared/domain/usage/usage.ts';
import { jobsIn, type UsageRates } from '#shared/domain/usage/usage-rates.ts';

/** A forecast, and where the size of a result is from. */
export interface ScheduleForecast extends Forecast {
  readonly resultBytesFrom: 'schedule' | 'task' | 'assumed';
}

/** What is known of a schedule besides its definition. */
export interface KnownUsage {
  readonly now: EpochSeconds;
  /** The sums of its own jobs. */
  readonly own?: Usage;
  /** The sums of its task's jobs that were submitted directly. */
  readonly direct?: Usage;
  /** How often it ran; absent: as often as its trigger fires. */
  readonly measured?: UsageRates;
  /** Absent where the region's are not known. */
  readonly prices?: Prices;
}

type PerJob = Omit<ForecastBasis, 'jobsPerDay' | 'keptSeconds'>;

const ASSUMED: PerJob = {
  inlineBytesPerJob: ASSUMED_RESULT_BYTES,
  s3BytesPerJob: 0,
  s3ObjectsPerJob: 0,
  writeUnitsPerJob: TYPICAL_WRITE_UNITS,
};

/**
 * Says what a schedule will come to as it is defined, whether or not it is stored yet.
 *
 * A result is taken to be as large as those of the schedule have been; else as those of its task that were submitted directly; else 1 KB.
 *
 * @returns `undefined` where nothing says how often it runs: it has not yet, and its jobs begin after another schedule's.
 */
export function scheduleForecast(
  definition: ScheduleDefinition,
  { now, own, direct, measured, prices }: KnownUsage,
): ScheduleForecast | undefined {
  const { policy } = definition;
  const trigger = triggerOf(definition);
  if (!measured && trigger.kind === 'after') return undefined;
  const byOwn = own && perJobIn(own);
  const byTask = direct && perJobIn(direct);
  const { keptSeconds, isResultKept } = keptBy(policy);
  const basis: ForecastBasis = {
    ...(byOwn ?? byTask ?? ASSUMED),
    ...(!isResultKept && { inlineBytesPerJob: 0, s3BytesPerJob: 0, s3ObjectsPerJob: 0 }),
    jobsPerDay: measured?.jobs ?? jobsPerDay(trigger, now, policy.maxJobs),
    keptSeconds,
  };
  const from = byOwn ? 'schedule' : byTask ? 'task' : 'assumed';
  return { resultBytesFrom: from, ...forecast(basis, prices) };
}

/** Nothing is known of jobs none of which has kept a result. */
function perJobIn(usage: Usage): PerJob | undefined {
  const { written, writeUnits } = usage;
  const jobs = jobsIn(usage);
  if (jobs === 0 || written.inline.count + written.s3.count === 0) return undefined;
  return {
    inlineBytesPerJob: written.inline.bytes / jobs,
    s3BytesPerJob: written.s3.bytes / jobs,
    s3ObjectsPerJob: written.s3.count / jobs,
    writeUnitsPerJob: writeUnits / jobs,
  };
}

function keptBy(policy: SchedulePolicy) {
  const expiry = resolveExpiry({
    policy,
    outcome: 'success',
    finishedAt: 0,
    deliverBy: policy.catchUpWindow ?? DEFAULT_CATCH_UP_WINDOW_SECONDS,
    leaseSeconds: LONGEST_LEASE_SECONDS,
  });
  // A job that is archived stays longer than its own time, whichever it is.
  const { expiresAt } = expiryAttributes(jobKeyOf('forecast', 0), expiry, 0);
  return { keptSeconds: expiresAt, isResultKept: expiry.resultExpiresAt !== undefined };
}
