import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { jsonPatch } from '#shared/domain/result/json-patch.ts';

/** Applies a patch by a library that knows nothing of ours. */
function patched(before: unknown, after: unknown): unknown {
  const document = { root: structuredClone(before) };
  const operations = jsonPatch(before, after).map((operation) => ({
    ...structuredClone(operation),
    path: `/root${operation.path}`,
  }));
  expect(applyPatch(document, operations).every((error) => error === null)).toBe(true);
  return document.root;
}

/** As JSON.parse gives it, so without -0; the library, rightly, does not write a member `__proto__`. */
const anyJson = fc
  .jsonValue({ maxDepth: 4 })
  .map((value): unknown => JSON.parse(JSON.stringify(value)))
  .filter((value) => !JSON.stringify(value).includes('__proto__'));

describe('jsonPatch', () => {
  it('has a step for each member that is new, gone or other', () => {
    expect(jsonPatch({ a: 1, b: { c: 2, 'd/e': 3 } }, { b: { c: 4, f: 5 }, g: 6 })).toEqual([
      { op: 'remove', path: '/a' },
      { op: 'remove', path: '/b/d~1e' },
      { op: 'replace', path: '/b/c', value: 4 },
      { op: 'add', path: '/b/f', value: 5 },
      { op: 'add', path: '/g', value: 6 },
    ]);
  });

  it('has one step for an element that came into a list, or went from it', () => {
    expect(jsonPatch([1, 2, 4], [1, 2, 3, 4])).toEqual([{ op: 'add', path: '/2', value: 3 }]);
    expect(jsonPatch([{ a: 1 }, { b: 2 }, 3], [{ a: 1 }, 3])).toEqual([
      { op: 'remove', path: '/1' },
    ]);
  });

  it('replaces the whole where it is of another kind', () => {
    expect(jsonPatch([1], { 0: 1 })).toEqual([{ op: 'replace', path: '', value: { 0: 1 } }]);
  });

  it('has no step for equal values, whatever the order of their members', () => {
    expect(jsonPatch({ a: [1, { b: 2, c: 3 }] }, { a: [1, { c: 3, b: 2 }] })).toEqual([]);
  });

  it('makes the second value of the first, by a library that has never seen ours', () => {
    fc.assert(
      fc.property(anyJson, anyJson, (before, after) => {
        expect(JSON.stringify(patched(before, before))).toEqual(JSON.stringify(before));
        expect(patched(before, after)).toEqual(after);
      }),
    );
  });

  it('makes a list of another that shares most of it', () => {
    const anyList = fc.array(fc.oneof(fc.integer({ max: 3, min: 0 }), fc.constant([1])));
    fc.assert(
      fc.property(anyList, anyList, anyList, (middle, other, rest) => {
        const [before, after] = [
          [...rest, ...middle, ...rest],
          [...rest, ...other, ...rest],
        ];

        expect(patched(before, after)).toEqual(after);
      }),
    );
  });

  it('takes time that grows with the size of long lists, not with its square', () => {
    const list = (shift: number) => Array.from({ length: 100_000 }, (_, index) => index + shift);

    expect(jsonPatch(list(0), list(1))).toHaveLength(100_000);
  });
});
