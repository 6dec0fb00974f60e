import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryKey, indexChanges, indexWriteUnits } from '#local/services/dynamodb/index-changes.ts';
import type { SecondaryIndex, TableSchema } from '#local/services/dynamodb/table.ts';

const byTask: SecondaryIndex = {
  IndexName: 'byTask',
  KeySchema: [{ AttributeName: 'task', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
};

const schema: TableSchema = {
  TableName: 'Jobs',
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'task', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [byTask],
  LocalSecondaryIndexes: [],
};

const anItem = (task: string | undefined, note: string, body: string) => ({
  id: { S: 'a' },
  note: { S: note },
  body: { S: body },
  ...(task === undefined ? {} : { task: { S: task } }),
});

const anyItem = fc.option(
  fc
    .tuple(
      fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
      fc.constantFrom('', 'n', 'n'.repeat(1500)),
      fc.constantFrom('', 'b'),
    )
    .map((parts) => anItem(...parts)),
  { nil: undefined },
);

const units = (oldItem: ReturnType<typeof anItem> | undefined, newItem: typeof oldItem) =>
  indexChanges(schema, oldItem, newItem).reduce((sum, change) => sum + indexWriteUnits(change), 0);

describe('indexWriteUnits', () => {
  it('cost the same there and back', () => {
    fc.assert(
      fc.property(anyItem, anyItem, (one, other) => {
        expect(units(one, other)).toBe(units(other, one));
      }),
    );
  });

  it('cost nothing exactly where no projected attribute changes', () => {
    fc.assert(
      fc.property(anyItem, anyItem, (one, other) => {
        const shown = (item: typeof one) =>
          item && 'task' in item ? `${item.task?.S}/${item.note.S}` : 'none';
        expect(units(one, other) === 0).toBe(shown(one) === shown(other));
      }),
    );
  });
});

describe('entryKey', () => {
  it('tells a hundred thousand items with one index key apart', () => {
    const keys = new Set<string>();

    for (let n = 0; n < 100_000; n += 1)
      keys.add(entryKey({ id: { S: `job-${n}` }, task: { S: 'report' } }, schema, byTask));

    expect(keys.size).toBe(100_000);
  });
});
