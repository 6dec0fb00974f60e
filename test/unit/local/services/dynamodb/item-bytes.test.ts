import { describe, expect, it } from 'vitest';
import { itemBytes } from '#local/services/dynamodb/item-bytes.ts';

describe('itemBytes', () => {
  it.each([
    ['a string, in UTF-8', { S: 'aé€😀' }, 1 + 2 + 3 + 4],
    ['an empty string', { S: '' }, 0],
    ['binary, decoded', { B: Buffer.from('hello').toString('base64') }, 5],
    ['a number of two digits a byte', { N: '1234' }, 3],
    ['a negative number', { N: '-1234' }, 4],
    ['zero', { N: '0' }, 1],
    ['a boolean', { BOOL: false }, 1],
    ['null', { NULL: true }, 1],
    ['a set of strings', { SS: ['a', 'é'] }, 3],
    ['a set of numbers', { NS: ['12', '34'] }, 4],
    ['a set of binaries', { BS: [Buffer.from('hi').toString('base64')] }, 2],
    ['an empty list', { L: [] }, 3],
    ['a list', { L: [{ S: 'ab' }, { BOOL: true }] }, 3 + 1 + 2 + 1 + 1],
    ['a map', { M: { key: { S: 'ab' } } }, 3 + 1 + 3 + 2],
  ])('counts %s', (_kind, value, bytes) => {
    expect(itemBytes({ é: value })).toBe(2 + bytes);
  });
});
