import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInstantWriter } from '#cli/preview/instant-writer.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';

describe('createInstantWriter', () => {
  it('writes every instant from year 0 to 9999 as toIso does', () => {
    const write = createInstantWriter();
    const instants = fc.integer({ min: -62_167_219_200, max: 253_402_300_799 });

    fc.assert(
      fc.property(instants, (instant) => {
        expect(write(instant)).toBe(toIso(instant));
      }),
    );
  });

  it('goes on when it has forgotten the dates that it knew', () => {
    const write = createInstantWriter();
    const days = Array.from({ length: 5_000 }, (_, day) => day * 86_400 + 3_661);

    expect(days.map(write)).toEqual(days.map(toIso));
  });
});
