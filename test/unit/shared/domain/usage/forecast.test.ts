import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_LIST_ATTRIBUTES } from '#shared/domain/job/job-index.ts';
import { itemBytes } from '#shared/domain/result/item-bytes.ts';
import { type ForecastBasis, forecast, TYPICAL_ROW_BYTES } from '#shared/domain/usage/forecast.ts';
import { pricesOf } from '#shared/domain/usage/prices.ts';
import { aJob } from '#test/support/a-job.ts';
import { settledItem } from '#test/support/settled-item.ts';

const DAY = 86_400;
const GB = 1_073_741_824;

const hourly: ForecastBasis = {
  jobsPerDay: 24,
  inlineBytesPerJob: 1_000,
  s3BytesPerJob: 0,
  s3ObjectsPerJob: 0,
  writeUnitsPerJob: 3,
  keptSeconds: 7 * DAY,
};

describe('forecast', () => {
  it('says how much comes each day, and what lies there once as much leaves', () => {
    expect(forecast(hourly, undefined)).toEqual({
      jobsPerDay: 24,
      growthBytesPerDay: 40_800,
      fullAfterDays: 7,
      atFull: { jobs: 168, tableBytes: 285_600, objectBytes: 0 },
      writeUnitsPerMonth: 2_192,
    });
  });

  it('prices writes, the table with its recovery, and objects', () => {
    const large = {
      ...hourly,
      jobsPerDay: 1_000,
      inlineBytesPerJob: GB / 1_000 - TYPICAL_ROW_BYTES,
      s3BytesPerJob: GB / 100,
      s3ObjectsPerJob: 1,
      keptSeconds: DAY,
    };

    const { atFull, dollarsPerMonth } = forecast(large, pricesOf('us-east-1'));

    expect(atFull).toEqual({ jobs: 1_000, tableBytes: GB, objectBytes: 10 * GB });
    // 30,437.5 jobs: 91,312.5 units of 0.625 dollars a million, and as many puts of 5 dollars a million.
    expect(dollarsPerMonth?.writing).toBeCloseTo(0.0571 + 0.1522, 3);
    // 0.25 and 0.20 dollars for the table, 0.023 for each gigabyte in S3.
    expect(dollarsPerMonth?.storing).toBeCloseTo(0.45 + 0.23, 3);
    expect(dollarsPerMonth?.pricesAsOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('gives no dollars for a region whose prices it does not know', () => {
    expect(forecast(hourly, pricesOf('xx-nowhere-1'))).not.toHaveProperty('dollarsPerMonth');
  });

  it('grows with what is kept, and never below nothing', () => {
    const anyBasis = fc.record({
      jobsPerDay: fc.double({ min: 0, max: 1_440, noNaN: true }),
      inlineBytesPerJob: fc.integer({ min: 0, max: 8_192 }),
      s3BytesPerJob: fc.integer({ min: 0, max: 52_428_800 }),
      s3ObjectsPerJob: fc.double({ min: 0, max: 1, noNaN: true }),
      writeUnitsPerJob: fc.integer({ min: 1, max: 12 }),
      keptSeconds: fc.integer({ min: 0, max: 3_650 * DAY }),
    });

    fc.assert(
      fc.property(anyBasis, (basis) => {
        const short = forecast(basis, pricesOf('us-east-1'));
        const long = forecast(
          { ...basis, keptSeconds: basis.keptSeconds * 2 },
          pricesOf('us-east-1'),
        );

        expect(short.atFull.tableBytes).toBeGreaterThanOrEqual(0);
        expect(long.atFull.objectBytes).toBeGreaterThanOrEqual(short.atFull.objectBytes);
        expect(long.dollarsPerMonth?.total).toBeGreaterThanOrEqual(
          short.dollarsPerMonth?.total ?? 0,
        );
        expect(long.growthBytesPerDay).toBe(short.growthBytesPerDay);
      }),
    );
  });
});

describe('TYPICAL_ROW_BYTES', () => {
  it('is about what a row and its entry come to, with what DynamoDB adds to each', () => {
    const { content: _, ...job } = aJob();
    const row = settledItem(job);
    const listed = ['scheduleId', 'fireTime', 'day', 'finishedAt', ...JOB_LIST_ATTRIBUTES];
    const entry = Object.fromEntries(listed.map((name) => [name, row[name]]));

    const bytes = itemBytes(row) + 100 + itemBytes(entry) + 100;

    expect(bytes / TYPICAL_ROW_BYTES).toBeGreaterThan(0.75);
    expect(bytes / TYPICAL_ROW_BYTES).toBeLessThan(1.25);
  });
});
