import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromIso, toIso } from '#shared/domain/epoch-seconds.ts';

describe('fromIso', () => {
  it('reads an instant in UTC', () => {
    expect(fromIso('2026-11-23T09:00:00Z')).toBe(1_795_424_400);
  });

  it('takes an offset into account', () => {
    expect(fromIso('2026-11-23T09:00:00+01:00')).toBe(1_795_420_800);
    expect(fromIso('2026-11-23T09:00:00-03:30')).toBe(1_795_437_000);
  });

  it('cuts a fraction of a second off', () => {
    expect(fromIso('2026-11-23T09:00:00.999Z')).toBe(1_795_424_400);
  });

  it.each([
    '2026-11-23T09:00:00',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-23T24:00:00Z',
    '2026-11-23T09:60:00Z',
    '2026-11-23T09:00:60Z',
    '2026-11-23T09:00:00+24:00',
    '2026-11-23 09:00:00Z',
    'tomorrow',
  ])('refuses %s', (text) => {
    expect(fromIso(text)).toBeUndefined();
  });

  it('reads back what toIso writes', () => {
    const lastSecondOf9999 = 253_402_300_799;
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800, max: lastSecondOf9999 }), (instant) => {
        expect(fromIso(toIso(instant))).toBe(instant);
      }),
    );
  });
});

describe('toIso', () => {
  it('writes an instant to the second', () => {
    expect(toIso(1_795_424_400)).toBe('2026-11-23T09:00:00Z');
  });
});
