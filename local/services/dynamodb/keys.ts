/*
 * How the one key space is divided. Names of tables and indexes cannot hold a `!`, nor can dynalite's keys, and the
 * character after it ends each range.
 */

/** Gives the range of all keys that begin so. */
export function rangeOf(prefix: string): { gte: string; lt: string } {
  return { gte: prefix, lt: `${prefix.slice(0, -1)}"` };
}

/** Tables, by name. */
export const TABLES = 't!';
/** Items that have an expiry, by its second: the order in which they leave. */
export const EXPIRIES = 'e!';
/** Client request tokens of transactions that succeeded. */
export const TOKENS = 'k!';
/** The last sequence number that a stream record was given. */
export const LAST_SEQUENCE = 'm!sequence';

/** A table's items, by dynalite's key. */
export function itemsPrefix(tableName: string): string {
  return `i!${tableName}!`;
}

/** An index's entries, by index key and then item key. */
export function entriesPrefix(tableName: string, indexName: string): string {
  return `x!${tableName}!${indexName}!`;
}

/** A stream's records, by sequence number. */
export function recordsPrefix(tableName: string): string {
  return `r!${tableName}!`;
}

/** Seconds beyond this lie past the year 30,000,000 and never come. */
export const LATEST_EXPIRY = 1e15 - 1;

const EXPIRY_DIGITS = 15;

/** Where the expiry of an item lies; with no item, where the second's first would lie. */
export function expiryKey(second: number, item?: { tableName: string; key: string }): string {
  const time = String(Math.max(0, second)).padStart(EXPIRY_DIGITS, '0');
  return item === undefined
    ? `${EXPIRIES}${time}`
    : `${EXPIRIES}${time}!${item.tableName}!${item.key}`;
}

/** Reads what {@link expiryKey} wrote. */
export function parseExpiryKey(text: string): { second: number; tableName: string; key: string } {
  const [, second = '', tableName = '', key = ''] = text.split('!');
  return { second: Number(second), tableName, key };
}
