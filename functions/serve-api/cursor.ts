import * as z from 'zod';
import { AlmanacError } from '#shared/domain/almanac-error.ts';

const cursorForm = z.tuple([z.literal(1), z.string()]);

/** Wraps a place in a list so that nobody builds on its form. */
export function toCursor(place: string): string {
  return Buffer.from(JSON.stringify([1, place])).toString('base64url');
}

/**
 * Reads the place back.
 *
 * @param form - What places of this list look like: a cursor of another list, or one made up, never reaches a store.
 * @throws {AlmanacError} `cursor.invalid`
 */
export function fromCursor(cursor: string, form: RegExp): string {
  const parsed = cursorForm.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  const place = parsed.data?.[1];
  if (place !== undefined && form.test(place)) return place;
  throw new AlmanacError(
    'cursor.invalid',
    'Expected `cursor` to be the `next` of an earlier page of this list, got something else. Begin again without it.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
