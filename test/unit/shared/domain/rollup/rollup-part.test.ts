import { describe, expect, it } from 'vitest';
import { fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { readRollupPart, rollupPart } from '#shared/domain/rollup/rollup-part.ts';
import { stepStart } from '#shared/domain/rollup/step.ts';

const at = fromIso('2026-11-23T14:59:59Z') ?? 0;

describe('rollupPart', () => {
  it.each([
    ['hour', 'metrics#hour#2026-11-23T14', '2026-11-23T14:00:00Z'],
    ['day', 'metrics#day#2026-11-23', '2026-11-23T00:00:00Z'],
  ] as const)('names the %s of an instant, and is read back', (grain, part, from) => {
    expect(rollupPart(grain, at)).toBe(part);
    expect(readRollupPart(part)).toEqual({ grain, from: fromIso(from) });
  });

  it.each([
    'total',
    'day#2026-11-23',
    'metrics#week#2026-11-23',
    'metrics#day#2026-13-23',
    'metrics#day',
  ])('is not %s', (part) => {
    expect(readRollupPart(part)).toBeUndefined();
  });
});

describe('stepStart', () => {
  it.each([
    ['1h', '2026-11-23T14:00:00Z'],
    ['6h', '2026-11-23T12:00:00Z'],
    ['8h', '2026-11-23T08:00:00Z'],
    ['1d', '2026-11-23T00:00:00Z'],
  ] as const)('counts steps of %s from midnight in UTC', (step, start) => {
    expect(toIso(stepStart(step, at))).toBe(start);
  });
});
