import { describe, expect, it } from 'vitest';
import { usageRates } from '#shared/domain/usage/usage-rates.ts';
import { aUsage } from '#test/support/memory-usage-reader.ts';

const gone = { inline: { count: 2, bytes: 200 }, s3: { count: 0, bytes: 0 } };

describe('usageRates', () => {
  it('averages the days that are over, those between on which nothing happened included', () => {
    const days = [
      { day: '2026-11-19', usage: aUsage(6, 100) },
      { day: '2026-11-22', usage: aUsage(2, 100, { removed: gone }) },
      { day: '2026-11-23', usage: aUsage(1_000, 100) },
    ];

    expect(usageRates(days, '2026-11-23')).toEqual({
      days: 4,
      jobs: 2,
      writeUnits: 6,
      writtenInlineBytes: 200,
      writtenS3Bytes: 0,
      writtenS3Objects: 0,
      grownBytes: 150,
    });
  });

  it('takes today for a day where it is the first', () => {
    const rates = usageRates([{ day: '2026-11-23', usage: aUsage(5, 10) }], '2026-11-23');

    expect(rates).toMatchObject({ days: 1, jobs: 5, grownBytes: 50 });
  });

  it('knows nothing without days', () => {
    expect(usageRates([], '2026-11-23')).toBeUndefined();
  });
});
