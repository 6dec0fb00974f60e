import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import type { Prices } from '#shared/domain/usage/prices.ts';

/** A row of a settled job without its result, and its index entry, with the 100 bytes that DynamoDB bills beside each. */
export const TYPICAL_ROW_BYTES = 700;

/** What jobs cost to write where nothing has been measured: claim, settle and an index entry. */
export const TYPICAL_WRITE_UNITS = 3;

/** How large a result is taken to be where nothing has been measured. */
export const ASSUMED_RESULT_BYTES = 1_024;

/** A month on average. */
const DAYS_PER_MONTH = 365.25 / 12;

const BYTES_PER_GB = 1_073_741_824;

/** What a forecast is made from: averages, bytes as they are stored. */
export interface ForecastBasis {
  readonly jobsPerDay: number;
  /** A job's result in its row; 0 where it lies in S3. */
  readonly inlineBytesPerJob: number;
  readonly s3BytesPerJob: number;
  /** How many objects a job puts, 0 to 1. */
  readonly s3ObjectsPerJob: number;
  readonly writeUnitsPerJob: number;
  /** How long a job and its result are kept. */
  readonly keptSeconds: number;
}

/** What a schedule will come to if it goes on so. */
export interface Forecast {
  readonly jobsPerDay: number;
  readonly growthBytesPerDay: number;
  /** From then on as much leaves each day as comes. */
  readonly fullAfterDays: number;
  /** What is stored from then on. */
  readonly atFull: {
    readonly jobs: number;
    readonly tableBytes: number;
    readonly objectBytes: number;
  };
  readonly writeUnitsPerMonth: number;
  /** In a month at full; absent where the region's prices are not known. */
  readonly dollarsPerMonth?: DollarsPerMonth;
}

export interface DollarsPerMonth {
  /** Write units, and objects that are put. */
  readonly writing: number;
  /** Table, its recovery, and objects. */
  readonly storing: number;
  readonly total: number;
  readonly pricesAsOf: string;
}

/**
 * Works out what storing the results of a schedule comes to.
 *
 *     stored ▲        ┌──────── full: as much leaves as comes
 *            │      ╱
 *            │    ╱   growth per day
 *            └──╱─────┴──────▶ days
 *                     kept
 *
 * It is about results alone: running tasks, reading, logs and the sums themselves cost beside it.
 */
export function forecast(basis: ForecastBasis, prices: Prices | undefined): Forecast {
  const { jobsPerDay, keptSeconds } = basis;
  const keptDays = keptSeconds / DAY_SECONDS;
  const jobs = jobsPerDay * keptDays;
  const tableBytesPerJob = TYPICAL_ROW_BYTES + basis.inlineBytesPerJob;
  const atFull = {
    jobs: Math.round(jobs),
    tableBytes: Math.round(jobs * tableBytesPerJob),
    objectBytes: Math.round(jobs * basis.s3BytesPerJob),
  };
  const jobsPerMonth = jobsPerDay * DAYS_PER_MONTH;
  const writeUnitsPerMonth = jobsPerMonth * basis.writeUnitsPerJob;
  return {
    jobsPerDay,
    growthBytesPerDay: Math.round(jobsPerDay * (tableBytesPerJob + basis.s3BytesPerJob)),
    fullAfterDays: keptDays,
    atFull,
    writeUnitsPerMonth: Math.round(writeUnitsPerMonth),
    ...(prices && {
      dollarsPerMonth: inDollars(
        { writeUnitsPerMonth, putsPerMonth: jobsPerMonth * basis.s3ObjectsPerJob, ...atFull },
        prices,
      ),
    }),
  };
}

function inDollars(
  month: {
    readonly writeUnitsPerMonth: number;
    readonly putsPerMonth: number;
    readonly tableBytes: number;
    readonly objectBytes: number;
  },
  prices: Prices,
): DollarsPerMonth {
  const tableGb = month.tableBytes / BYTES_PER_GB;
  const objectGb = month.objectBytes / BYTES_PER_GB;
  const writing = month.writeUnitsPerMonth * prices.writeUnit + month.putsPerMonth * prices.put;
  const storing =
    tableGb * (prices.tableGbMonth + prices.recoveryGbMonth) + objectGb * prices.objectGbMonth;
  return {
    writing: toSmallSum(writing),
    storing: toSmallSum(storing),
    total: toSmallSum(writing + storing),
    pricesAsOf: prices.asOf,
  };
}

/** Rounds to a hundredth of a cent. */
function toSmallSum(dollars: number): number {
  return Math.round(dollars * 10_000) / 10_000;
}
