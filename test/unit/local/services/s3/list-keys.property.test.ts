import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyQuery, listKeys } from '#local/services/s3/list-keys.ts';
import { SortedKeys } from '#local/services/s3/sorted-keys.ts';

const aKey = fc.string({
  unit: fc.constantFrom('a', 'b', '/', '\u{1F600}', '\uFFFD'),
  maxLength: 6,
});
const someKeys = fc.uniqueArray(
  aKey.filter((key) => key !== ''),
  { maxLength: 25 },
);

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** Lists by page, as a client does. */
function allPages(keys: SortedKeys, query: Omit<KeyQuery, 'after'>): string[] {
  const listed: string[] = [];
  let after: string | undefined = '';
  while (after !== undefined) {
    const page = listKeys(keys, { ...query, after });
    const entries = [...page.keys, ...page.commonPrefixes].sort(byBytes);
    expect(entries.length).toBeLessThanOrEqual(query.limit);
    listed.push(...entries);
    after = page.next;
  }
  return listed;
}

describe('listKeys', () => {
  it('gives each key or group once, in order of bytes, however small the pages are', () => {
    fc.assert(
      fc.property(
        someKeys,
        fc.record({
          prefix: aKey,
          delimiter: fc.constantFrom('', '/', 'b'),
          limit: fc.integer({ min: 1, max: 7 }),
        }),
        (keys, query) => {
          const { prefix, delimiter } = query;
          const expected = keys
            .filter((key) => key.startsWith(prefix))
            .map((key) => {
              const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
              return at < 0 ? key : key.slice(0, at + delimiter.length);
            });

          const listed = allPages(new SortedKeys(keys), query);

          expect(listed).toEqual([...new Set(expected)].sort(byBytes));
        },
      ),
    );
  });

  it('lists the same whether keys were there at first, added, or added and deleted', () => {
    fc.assert(
      fc.property(someKeys, someKeys, (kept, deleted) => {
        const keys = new SortedKeys([]);
        for (const key of [...kept, ...deleted, ...kept]) keys.add(key);
        for (const key of deleted) if (!kept.includes(key)) keys.delete(key);

        const listed = allPages(keys, { prefix: '', delimiter: '', limit: 1000 });

        expect(listed).toEqual([...kept].sort(byBytes));
      }),
    );
  });

  it('gives nothing, and no next page, when it may give nothing', () => {
    const query = { prefix: '', delimiter: '', after: '', limit: 0 };

    expect(listKeys(new SortedKeys(['a']), query)).toEqual({ keys: [], commonPrefixes: [] });
  });
});
