import { describe, expect, it } from 'vitest';
import { mostOpen } from '#shared/domain/backfill/pace.ts';

describe('mostOpen', () => {
  it('lets 25 jobs be under way where they may overlap', () => {
    expect([mostOpen(undefined), mostOpen('allow-all')]).toEqual([25, 25]);
  });

  it.each(['skip', 'buffer-one', 'buffer-all', 'cancel-other', 'terminate-other'] as const)(
    'has them run one after another under %s',
    (overlap) => {
      expect(mostOpen(overlap)).toBe(1);
    },
  );
});
