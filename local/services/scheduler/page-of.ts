import * as z from 'zod';
import { invalid } from '#local/services/scheduler/scheduler-fault.ts';

/** The length of a page where a request names none, and the longest that it may name. */
const DEFAULT_PAGE_LENGTH = 100;

const Cursor = z.tuple([z.string(), z.string()]);

/** What a request says about the page that it wants. */
export interface PageRequest {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** A list that is given out in pages, each item with the key that orders it. */
export interface OrderedList<Item> {
  readonly items: readonly Item[];
  /** Where an item stands: the items must be in ascending order of it. */
  readonly orderOf: (item: Item) => string;
  /** What else the request asks for: a token counts only for the same list. */
  readonly filters: readonly unknown[];
}

/** A page, and the token of the next one if there is any. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly NextToken?: string;
}

/**
 * Cuts a page out of a list. Items that come or go between pages neither repeat nor hide others.
 *
 * @throws {ServiceFault} `ValidationException` for a token that no page of this list gave.
 */
export function pageOf<Item>(
  { items, orderOf, filters }: OrderedList<Item>,
  { NextToken, MaxResults = DEFAULT_PAGE_LENGTH }: PageRequest,
): Page<Item> {
  const list = JSON.stringify(filters);
  const after = NextToken === undefined ? undefined : cursorOf(NextToken, list);
  const from = after === undefined ? 0 : firstAfter(items.map(orderOf), after);
  const page = items.slice(from, from + MaxResults);
  const last = page.at(-1);
  if (last === undefined || from + MaxResults >= items.length) return { items: page };
  const cursor = JSON.stringify([list, orderOf(last)]);
  return { items: page, NextToken: Buffer.from(cursor).toString('base64url') };
}

function cursorOf(token: string, list: string): string {
  const [ofList, after] = parseToken(token);
  if (ofList !== list) throw invalid('Invalid NextToken.');
  return after;
}

function parseToken(token: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch (cause) {
    throw invalid('Invalid NextToken.', cause);
  }
}

function firstAfter(keys: readonly string[], after: string): number {
  const index = keys.findIndex((key) => key > after);
  return index < 0 ? keys.length : index;
}
