import * as z from 'zod';
import { faultsOf } from '#shared/contracts/faults-of.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';

/** A list without `limit` has this many entries. */
const DEFAULT_LIMIT = 25;
const LARGEST_LIMIT = 100;

/** The query of every list. */
export const pageQuery = z.object({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, { error: `Expected \`limit\` to be 1 to ${LARGEST_LIMIT}.` })
    .transform(Number)
    .pipe(
      z
        .number()
        .min(1, { error: `Expected \`limit\` to be 1 to ${LARGEST_LIMIT}.` })
        .max(LARGEST_LIMIT, { error: `Expected \`limit\` to be 1 to ${LARGEST_LIMIT}.` }),
    )
    .default(DEFAULT_LIMIT)
    .meta({ description: `1 to ${LARGEST_LIMIT}; ${DEFAULT_LIMIT} when absent.` }),
  cursor: z
    .string()
    .max(2_048)
    .exactOptional()
    .meta({ description: 'The `next` of the page before.' }),
});

/** What a list is asked for. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * Reads the query of a list.
 *
 * @throws {AlmanacError} `request.invalid`
 */
export function parsePageQuery(query: Readonly<Record<string, string>>): PageRequest {
  const parsed = pageQuery.safeParse(query, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new AlmanacError('request.invalid', 'Expected a query that lists understand.', {
    faults: faultsOf(parsed.error),
    cause: parsed.error,
  });
}

/** Wraps a place in a list so that nobody builds on its form. */
export function toCursor(place: string): string {
  return Buffer.from(JSON.stringify([1, place])).toString('base64url');
}

/**
 * Reads the place back.
 *
 * @throws {AlmanacError} `cursor.invalid`
 */
export function fromCursor(cursor: string): string {
  const place = cursorForm.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (place.success) return place.data[1];
  throw new AlmanacError(
    'cursor.invalid',
    'Expected `cursor` to be the `next` of an earlier page, got something else. Begin again without it.',
  );
}

const cursorForm = z.tuple([z.literal(1), z.string()]);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
