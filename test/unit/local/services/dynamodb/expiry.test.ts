import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastSecondOfPass, passAtMs } from '#local/services/dynamodb/expiry.ts';
import { expiryKey, parseExpiryKey } from '#local/services/dynamodb/keys.ts';

const anySecond = fc.integer({ min: 0, max: 1e12 });

describe('passAtMs', () => {
  it('gives a pass that takes the item, 2 to 10 minutes after it expired', () => {
    fc.assert(
      fc.property(anySecond, (second) => {
        const atMs = passAtMs(second);
        expect(lastSecondOfPass(atMs)).toBeGreaterThanOrEqual(second);
        expect(atMs - second * 1000).toBeGreaterThanOrEqual(2 * 60_000);
        expect(atMs - second * 1000).toBeLessThanOrEqual(10 * 60_000);
      }),
    );
  });
});

describe('expiryKey', () => {
  it('orders items by their second, whatever their tables and keys', () => {
    fc.assert(
      fc.property(anySecond, anySecond, (one, other) => {
        fc.pre(one < other);
        const first = expiryKey(one, { tableName: 'zzz', key: 'ff/' });
        const second = expiryKey(other, { tableName: 'aaa', key: '00/' });
        expect(first < second).toBe(true);
        expect(expiryKey(one + 1) > first).toBe(true);
        expect(parseExpiryKey(first)).toEqual({ second: one, tableName: 'zzz', key: 'ff/' });
      }),
    );
  });
});
