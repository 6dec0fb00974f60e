import { byUtf8, type SortedKeys } from '#local/services/s3/sorted-keys.ts';

/** What a list asks for. */
export interface KeyQuery {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  /** Exclusive: a key, or a common prefix that has been given already. */
  readonly after: string;
  /** Keys and common prefixes together. */
  readonly limit: number;
}

/** One page of a list. */
export interface KeyPage {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins, exclusive; absent on the last. */
  readonly next?: string;
}

/**
 * Lists keys in order, rolling up those that have the delimiter after the prefix.
 *
 * A group is skipped by one search, however many keys are in it.
 */
export function listKeys(keys: SortedKeys, query: KeyQuery): KeyPage {
  const listed: string[] = [];
  const commonPrefixes: string[] = [];
  let last = '';
  let key = firstKey(keys, query);
  while (key?.startsWith(query.prefix)) {
    if (listed.length + commonPrefixes.length >= query.limit)
      return { keys: listed, commonPrefixes, ...(query.limit > 0 && { next: last }) };
    const group = groupOf(key, query);
    (group === undefined ? listed : commonPrefixes).push(group ?? key);
    last = group ?? key;
    key = group === undefined ? keys.after(key) : keys.past(group);
  }
  return { keys: listed, commonPrefixes };
}

function firstKey(keys: SortedKeys, query: KeyQuery): string | undefined {
  const isBeforePrefix = byUtf8(query.after, query.prefix) < 0;
  if (query.after === '' || isBeforePrefix) return keys.from(query.prefix);
  return groupOf(query.after, query) === query.after
    ? keys.past(query.after)
    : keys.after(query.after);
}

function groupOf(key: string, { prefix, delimiter }: KeyQuery): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
