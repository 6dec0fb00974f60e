import { isKeptNumber } from '#shared/domain/result/kept-number.ts';
import { cutUtf8 } from '#shared/domain/result/utf8.ts';

/** Where in a result the values lie that its job is found by: a JMESPath for each name. */
export type IndexPaths = Readonly<Record<string, string>>;

/** What a result has at these paths; `null` where it has nothing, an object or a list there, or what no number of DynamoDB holds. */
export type IndexValues = Readonly<Record<string, IndexValue | null>>;

export type IndexValue = string | number | boolean;

/** The names that indexes may have. */
export const INDEX_NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_]{0,23}$/;

/** A schedule may declare so many: each is paid for with every job, and all fit an index entry of one write unit. */
export const MOST_INDEXES = 3;

/** A longer path is refused, as every start carries it. */
export const LONGEST_INDEX_PATH = 256;

/** A longer text is cut to so many bytes, with `…` as its end. */
export const LARGEST_INDEX_BYTES = 64;

/** Brings what a path found into the form in which a job is found by it; a filter's value goes through the same. */
export function indexValueOf(found: unknown): IndexValue | null {
  if (typeof found === 'boolean') return found;
  if (typeof found === 'string') return cutUtf8(found, LARGEST_INDEX_BYTES);
  return isKeptNumber(found) ? found : null;
}

/** Tells whether a value can be a schedule's {@link IndexPaths}, whatever its paths say. */
export function isIndexPaths(value: unknown): value is IndexPaths {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= MOST_INDEXES &&
    entries.every(
      ([name, path]) =>
        INDEX_NAME_PATTERN.test(name) &&
        typeof path === 'string' &&
        path.length <= LONGEST_INDEX_PATH,
    )
  );
}
