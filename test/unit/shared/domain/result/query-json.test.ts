import { describe, expect, it } from 'vitest';
import { findQueryFault, queryJson } from '#shared/domain/result/query-json.ts';

describe('queryJson', () => {
  it.each([
    ['total', { total: 3 }, 3],
    [
      'rows[?price > `2`].sku',
      {
        rows: [
          { sku: 'a', price: 1 },
          { sku: 'b', price: 3 },
        ],
      },
      ['b'],
    ],
    ['{n: length(rows), first: rows[0]}', { rows: [1, 2] }, { n: 2, first: 1 }],
    ['missing.deeply', { total: 3 }, null],
    ['[0]', [7], 7],
    ['@', 7, 7],
    ['constructor', { constructor: 1 }, 1],
    ['toString', {}, null],
  ])('finds by %s', (expression, value, found) => {
    expect(queryJson(expression, value)).toEqual({ kind: 'found', value: found });
  });

  it('says why an expression fails on a value, without the value', () => {
    const queried = queryJson('abs(name)', { name: 'Ada' });

    expect(queried).toEqual({ kind: 'failed', reason: expect.stringContaining('abs()') });
    expect(JSON.stringify(queried)).not.toContain('Ada');
  });
});

describe('findQueryFault', () => {
  it.each(['a.b[', '', '   ', 'length()', 'nothingOfThatName(@)', 'a..b', '"a'])(
    'finds one in %j',
    (expression) => {
      expect(findQueryFault(expression)).toEqual(expect.any(String));
    },
  );

  it.each(['length(@)', 'sum(rows[*].n)', 'constructor', 'a.b | [0]'])('finds none in %j', (it) => {
    expect(findQueryFault(it)).toBeUndefined();
  });
});
