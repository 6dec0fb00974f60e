import type * as z from 'zod';
import { pageQuery, parseQuery } from '#shared/contracts/parse-query.ts';
import type { ReadCost } from '#shared/domain/read-cost.ts';
import { type CursorKey, fromCursor, toCursor } from './cursor.ts';

type Query = Readonly<Record<string, string>>;

/** A request for a page of a list, understood. */
export interface PageRequest<Parsed> {
  readonly query: Parsed;
  /** Names the list and its filters, as cursors are bound to them. */
  readonly list: string;
  /** The place that the cursor says, as the list wrote it. */
  readonly place?: string;
}

/**
 * Reads the query of a list, its cursor included.
 *
 * @param path - The list's address.
 * @throws {AlmanacError} `request.invalid`, `cursor.invalid`
 */
export async function readPageRequest<Schema extends z.ZodObject<typeof pageQuery.shape>>(
  schema: Schema,
  { path, query }: { readonly path: string; readonly query: Query },
  key: CursorKey,
): Promise<PageRequest<z.output<Schema>>> {
  const parsed = parseQuery(schema, query);
  const list = listName(path, query, Object.keys(schema.shape));
  const { cursor } = query;
  if (cursor === undefined) return { query: parsed, list };
  return { query: parsed, list, place: await fromCursor(list, cursor, key) };
}

/** A page as the list found it. */
export interface FoundPage {
  readonly data: readonly unknown[];
  /** The place to go on from; absent at the end. */
  readonly next?: string;
  readonly cost: ReadCost;
}

/** Makes the answer of a page, with what it cost where that was asked for. */
export async function pageAnswer(
  { data, next, cost }: FoundPage,
  request: PageRequest<{ readonly explain: boolean }>,
  key: CursorKey,
) {
  return {
    data,
    next: next === undefined ? null : await toCursor(request.list, next, key),
    ...(request.query.explain && { explain: cost }),
  };
}

/** The limit and the explanation may change from page to page; parameters that the list does not know may be a proxy's. */
function listName(path: string, query: Query, known: readonly string[]): string {
  const filters = known.filter((name) => !Object.hasOwn(pageQuery.shape, name)).toSorted();
  return JSON.stringify([path, filters.map((name) => [name, query[name] ?? null])]);
}
