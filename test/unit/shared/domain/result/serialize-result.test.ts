import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serializeResult } from '#shared/domain/result/serialize-result.ts';

function textOf(value: unknown): string | undefined {
  const serialized = serializeResult(value);
  return serialized.kind === 'json' ? serialized.text : undefined;
}

function reasonOf(value: unknown): string | undefined {
  const serialized = serializeResult(value);
  return serialized.kind === 'unserializable' ? serialized.reason : undefined;
}

describe('serializeResult', () => {
  it.each([
    ['undefined as null', undefined, 'null'],
    ['a Date as ISO 8601', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    ['an invalid Date as null', [new Date(Number.NaN)], '[null]'],
    ['a BigInt as its decimal text', { n: 2n ** 70n }, '{"n":"1180591620717411303424"}'],
    ['NaN and infinities as null', [Number.NaN, 1 / 0, -1 / 0], '[null,null,null]'],
    ['a Map of strings as an object', new Map([['a', new Map([['b', 1]])]]), '{"a":{"b":1}}'],
    [
      'another Map as an array of pairs',
      new Map<unknown, unknown>([
        [1, 'a'],
        ['b', 2],
      ]),
      '[[1,"a"],["b",2]]',
    ],
    ['a Set as an array', { tags: new Set(['x', 'y']) }, '{"tags":["x","y"]}'],
    [
      'nothing for undefined, functions and symbols in an object',
      { a: undefined, b: () => 1, c: Symbol('c'), d: 1 },
      '{"d":1}',
    ],
    ['null for them in an array', [undefined, () => 1, Symbol('c')], '[null,null,null]'],
    ['wrapped values as themselves', [Object(1), Object('a'), Object(true)], '[1,"a",true]'],
    ['what toJSON gives', { toJSON: () => ({ kept: new Set([1]) }) }, '{"kept":[1]}'],
    ['a member named __proto__', JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ])('writes %s', (_, value, text) => {
    expect(textOf(value)).toBe(text);
  });

  it('writes a value that occurs twice without being a circle', () => {
    const shared = { a: 1 };

    expect(textOf([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  it('names the place where a value leads back to itself', () => {
    const row: Record<string, unknown> = { id: 1 };
    row['owner of'] = new Map([['rows', [0, row]]]);

    expect(reasonOf({ rows: [row] })).toBe(
      'result.rows[0]["owner of"].rows[1] leads back to itself',
    );
  });

  it('names the place whose own code throws', () => {
    const throwing = () => {
      throw new RangeError('a secret');
    };

    expect(reasonOf({ a: [{ toJSON: throwing }] })).toBe('result.a[0] threw RangeError');
    expect(
      reasonOf({ a: Object.defineProperty({}, 'b', { get: throwing, enumerable: true }) }),
    ).toBe('result.a.b threw RangeError');
  });

  it('refuses a function or a symbol as the whole result', () => {
    expect(reasonOf(() => 1)).toBe('result is a function');
    expect(reasonOf(Symbol('s'))).toBe('result is a symbol');
  });

  it('refuses what is nested deeper than the engine can follow', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];

    expect(reasonOf(deep)).toMatch(/nested too deeply/);
  });

  it('counts bytes, not characters, against the limit', () => {
    expect(serializeResult('ää', { largestBytes: 6 })).toEqual({
      kind: 'json',
      text: '"ää"',
      bytes: 6,
    });
    expect(serializeResult('ää', { largestBytes: 5 })).toEqual({ kind: 'too-large', bytes: 6 });
  });

  it('writes plain JSON as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(textOf(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('never throws, and what it writes can be read', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withBoxedValues: true,
      withNullPrototype: true,
      withSparseArray: true,
    });

    fc.assert(
      fc.property(anything, (value) => {
        const text = textOf(value);

        if (text !== undefined) JSON.parse(text);
      }),
    );
  });
});
