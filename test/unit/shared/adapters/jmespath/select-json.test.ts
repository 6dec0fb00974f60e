import { describe, expect, it } from 'vitest';
import { findSelectFault } from '#shared/adapters/jmespath/find-select-fault.ts';
import { selectJson } from '#shared/adapters/jmespath/select-json.ts';

const REPORT = JSON.stringify({ rows: [{ total: 5 }, { total: 7 }], status: 'ok' });

describe('selectJson', () => {
  it.each([
    ['rows[0].total', 5],
    ['rows[].total', [5, 7]],
    ['sum(rows[].total)', 12],
    ['{status: status, first: rows[0]}', { status: 'ok', first: { total: 5 } }],
    ['nothing.here', null],
    ['@', JSON.parse(REPORT)],
  ])('takes %s', (expression, value) => {
    expect(selectJson(expression, REPORT)).toEqual(value);
  });

  it.each(['constructor', 'toString', '__proto__.toString', 'hasOwnProperty', '&status'])(
    'finds no more in `%s` than JSON holds',
    (expression) => {
      expect([null, {}]).toContainEqual(selectJson(expression, REPORT));
    },
  );
});

describe('findSelectFault', () => {
  it.each(['rows[0].total', 'sum(rows[].total)', 'constructor', 'sort_by(rows, &total)'])(
    'finds none in `%s`',
    (expression) => {
      expect(findSelectFault(expression)).toBeUndefined();
    },
  );

  it.each([
    'rows[',
    '',
    "'open",
    'nope(rows)',
    'abs(a, b)',
    '\ud800',
    '('.repeat(1_000),
    '['.repeat(5_000),
  ])('finds what is wrong with `%s`', (expression) => {
    expect(findSelectFault(expression)).toEqual(expect.stringMatching(/./));
  });
});
