import { describe, expect, it } from 'vitest';
import { findReferences } from '#shared/domain/input/find-references.ts';
import { fillReferences, hasReferences } from '#shared/domain/input/reference-places.ts';

const refer = (members: unknown) => ({ $result: members });
const SALES = { schedule: 'daily-sales' };

describe('findReferences', () => {
  it('finds references wherever they stand, with what they leave unsaid', () => {
    const input = { total: refer(SALES), rows: [1, { 'a/b~': refer(SALES) }], text: '$result' };

    expect(findReferences(input)).toEqual({
      references: [
        { pointer: '/total', ...SALES, pick: 'latest-success', onStale: 'fail' },
        { pointer: '/rows/1/a~1b~0', ...SALES, pick: 'latest-success', onStale: 'fail' },
      ],
      faults: [],
    });
  });

  it('reads all that a reference may say', () => {
    const members = {
      ...SALES,
      pick: 'upstream',
      select: 'rows[0].total',
      maxAge: '26h',
      onStale: 'skip',
    };

    expect(findReferences(refer(members)).references).toEqual([
      {
        pointer: '',
        ...SALES,
        pick: 'upstream',
        select: 'rows[0].total',
        maxAgeSeconds: 93_600,
        onStale: 'skip',
      },
    ]);
  });

  it.each<[unknown, string]>([
    [refer(null), '/$result'],
    [refer('daily-sales'), '/$result'],
    [refer([SALES]), '/$result'],
    [refer({}), '/$result/schedule'],
    [refer({ schedule: 'no id' }), '/$result/schedule'],
    [refer({ schedule: 'task:sales-report' }), '/$result/schedule'],
    [refer({ ...SALES, pick: 'first' }), '/$result/pick'],
    [refer({ ...SALES, pick: null }), '/$result/pick'],
    [refer({ ...SALES, select: '' }), '/$result/select'],
    [refer({ ...SALES, select: 'x'.repeat(1_025) }), '/$result/select'],
    [refer({ ...SALES, select: 7 }), '/$result/select'],
    [refer({ ...SALES, maxAge: 0 }), '/$result/maxAge'],
    [refer({ ...SALES, maxAge: '1 day' }), '/$result/maxAge'],
    [refer({ ...SALES, onStale: 'wait' }), '/$result/onStale'],
    [refer({ ...SALES, colour: 'red' }), '/$result'],
    [{ ...refer(SALES), 'be/side': 1 }, '/be~1side'],
  ])('finds the fault of %j, at %s', (input, pointer) => {
    const { references, faults } = findReferences(input);

    expect(references).toEqual([]);
    expect(faults).toEqual([{ pointer, detail: expect.stringMatching(/^Expected .+, got .+\.$/) }]);
  });

  it('tells of all faults together', () => {
    const input = [refer({ schedule: '', pick: 'first' }), { $result: SALES, and: 1 }];

    expect(findReferences(input).faults.map(({ pointer }) => pointer)).toEqual([
      '/0/$result/schedule',
      '/0/$result/pick',
      '/1/and',
    ]);
  });
});

describe('hasReferences', () => {
  it.each([
    [{ a: [{ b: refer(SALES) }] }, true],
    [refer('unsound'), true],
    [{ a: '$result', b: ['$result'] }, false],
    [Object.create({ $result: SALES }), false],
    [null, false],
    [7, false],
  ])('tells of %j: %s', (input, has) => {
    expect(hasReferences(input)).toBe(has);
  });
});

describe('fillReferences', () => {
  it('puts values in their places, and leaves the rest as it is', () => {
    const input = { keep: [1, null], total: refer(SALES), list: [refer(SALES), 'x'] };
    const values = new Map<string, unknown>([
      ['/total', 7],
      ['/list/0', { rows: [] }],
    ]);

    expect(fillReferences(input, values)).toEqual({
      keep: [1, null],
      total: 7,
      list: [{ rows: [] }, 'x'],
    });
    expect(input.total).toEqual(refer(SALES));
  });

  it('replaces a whole input, also by null', () => {
    expect(fillReferences(refer(SALES), new Map([['', null]]))).toBeNull();
  });

  it('keeps a member that is called like an object’s own', () => {
    const input: unknown = JSON.parse('{"__proto__": {"a": 1}, "x": {"$result": {}}}');

    expect(JSON.stringify(fillReferences(input, new Map([['/x', 2]])))).toBe(
      '{"__proto__":{"a":1},"x":2}',
    );
  });
});
