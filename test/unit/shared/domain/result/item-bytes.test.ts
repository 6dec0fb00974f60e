import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemBytes, writeUnits } from '#shared/domain/result/item-bytes.ts';
import { cutUtf8, utf8Bytes } from '#shared/domain/result/utf8.ts';

const anyText = fc.string({ unit: 'binary' });

describe('itemBytes', () => {
  it.each([
    ['a text by its UTF-8', { a: 'ä' }, 1 + 2],
    ['one byte for two digits, and one more', { n: 12_345 }, 1 + 4],
    ['no zeros at the ends of a number', { n: 120_000 }, 1 + 2],
    ['one for zero', { n: 0 }, 1 + 1],
    ['pairs of digits from the decimal point', { n: 123.4 }, 1 + 4],
    ['a byte for a minus', { n: -12 }, 1 + 3],
    ['bytes as they are', { b: new Uint8Array(10) }, 1 + 10],
    ['a byte for a truth and for null', { t: true, z: null }, 2 + 2],
    ['three for a list, and one for each item', { l: ['a', 'b'] }, 1 + 3 + 2 + 2],
    ['three for a map, and one for each member', { m: { k: 'v' } }, 1 + 3 + 1 + 2],
    ['nothing for a member that is not written', { a: 'x', u: undefined }, 2],
  ])('counts %s', (_, item, bytes) => {
    expect(itemBytes(item)).toBe(bytes);
  });
});

describe('writeUnits', () => {
  it('counts begun kilobytes', () => {
    expect([0, 1, 1_024, 1_025, 2_048].map(writeUnits)).toEqual([1, 1, 1, 2, 2]);
  });
});

describe('utf8Bytes', () => {
  it('counts as an encoder does', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});

describe('cutUtf8', () => {
  it('keeps a text that fits, and else cuts it at a character and marks the cut', () => {
    expect(cutUtf8('abcdef', 6)).toBe('abcdef');
    expect(cutUtf8('abcdefg', 6)).toBe('abc…');
    expect(cutUtf8('😀😀', 7)).toBe('😀…');
  });

  it('never passes its bound', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 3, max: 50 }), (text, most) => {
        expect(Buffer.byteLength(cutUtf8(text, most))).toBeLessThanOrEqual(most);
      }),
    );
  });
});
