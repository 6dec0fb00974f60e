import { createHmac, timingSafeEqual } from 'node:crypto';
import { AlmanacError } from '#shared/domain/almanac-error.ts';

/** Gets the key that cursors are signed with; asked for only where there is a cursor to make or to read. */
export type CursorKey = () => Promise<Uint8Array>;

/** As much of the signature as a cursor carries: a guess succeeds once in 2^128. */
const SIGNATURE_BYTES = 16;

/** Goes on where signatures are made of something else, so that older cursors are none. */
const VERSION = 2;

/**
 * Wraps a place in a list, signed, so that nobody builds on its form or makes one up.
 *
 * @param list - Names the list and all that it is filtered by: its cursors hold for no other.
 */
export async function toCursor(list: string, place: string, key: CursorKey): Promise<string> {
  const bytes = Buffer.from(place);
  return Buffer.concat([sign(list, bytes, await key()), bytes]).toString('base64url');
}

/**
 * Reads the place back.
 *
 * @throws {AlmanacError} `cursor.invalid` for a cursor of another list, and for one that was changed or made up.
 */
export async function fromCursor(list: string, cursor: string, key: CursorKey): Promise<string> {
  const bytes = Buffer.from(cursor, 'base64url');
  const [signature, place] = [bytes.subarray(0, SIGNATURE_BYTES), bytes.subarray(SIGNATURE_BYTES)];
  // Base64 has several texts for some bytes; only the one that was given is a cursor.
  const isWhole = place.length > 0 && bytes.toString('base64url') === cursor;
  if (isWhole && timingSafeEqual(signature, sign(list, place, await key())))
    return place.toString();
  throw new AlmanacError(
    'cursor.invalid',
    'Expected `cursor` to be the `next` of an earlier page of this list, with the same filters, got something else. Begin again without it.',
  );
}

function sign(list: string, place: Uint8Array, key: Uint8Array): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([VERSION, list]))
    .update(place)
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}
