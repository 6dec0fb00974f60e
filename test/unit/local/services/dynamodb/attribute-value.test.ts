import { describe, expect, it } from 'vitest';
import { isSameItem } from '#local/services/dynamodb/attribute-value.ts';

describe('isSameItem', () => {
  it('ignores the order of attributes and of the members of sets', () => {
    const one = { a: { S: 'x' }, b: { M: { c: { NS: ['1', '2'] }, d: { BOOL: true } } } };
    const other = { b: { M: { d: { BOOL: true }, c: { NS: ['2', '1'] } } }, a: { S: 'x' } };

    expect(isSameItem(one, other)).toBe(true);
  });

  it('heeds the order of lists, the types of values, and absence', () => {
    const list = (...members: string[]) => ({ a: { L: members.map((S) => ({ S })) } });

    expect(isSameItem(list('x', 'y'), list('y', 'x'))).toBe(false);
    expect(isSameItem({ a: { S: '1' } }, { a: { N: '1' } })).toBe(false);
    expect(isSameItem({ a: { S: '1' } }, {})).toBe(false);
    expect(isSameItem(undefined, {})).toBe(false);
    expect(isSameItem(undefined, undefined)).toBe(true);
  });
});
