import { describe, expect, it } from 'vitest';
import {
  indexValueOf,
  isIndexPaths,
  LARGEST_INDEX_BYTES,
} from '#shared/domain/result/index-value.ts';

describe('indexValueOf', () => {
  it.each([
    ['a text', 'ok', 'ok'],
    ['a number', 12.5, 12.5],
    ['nought', 0, 0],
    ['a boolean', false, false],
    ['nothing', null, null],
    ['an object', { a: 1 }, null],
    ['a list', [1], null],
    ['a number beyond what is exact', 2 ** 60, null],
    ['a number too small for DynamoDB', 1e-200, null],
  ])('takes %s as what it can be found by', (_, found, value) => {
    expect(indexValueOf(found)).toBe(value);
  });

  it('cuts a long text, so that an index entry stays small', () => {
    const value = indexValueOf('ä'.repeat(100));

    expect(new TextEncoder().encode(String(value)).length).toBeLessThanOrEqual(LARGEST_INDEX_BYTES);
    expect(value).toMatch(/^ä+…$/);
  });
});

describe('isIndexPaths', () => {
  it.each<[boolean, unknown]>([
    [true, {}],
    [true, { status: 'status', total: 'summary.total', last_one: 'rows[-1].id' }],
    [false, { a: 'a', b: 'b', c: 'c', d: 'd' }],
    [false, { 'not a name': 'a' }],
    [false, { long: 'x'.repeat(257) }],
    [false, { number: 1 }],
    [false, ['a']],
    [false, null],
  ])('is %j of %j', (expected, value) => {
    expect(isIndexPaths(value)).toBe(expected);
  });
});
