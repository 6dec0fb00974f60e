import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { byteRange } from './byte-range.ts';

/** A result in an answer of its own. */
export interface JsonAnswer {
  readonly text: string;
  /** The request's `Range`. */
  readonly range: string | undefined;
  /** How long the answer holds. */
  readonly expiresInSeconds: number;
}

/**
 * Answers with a result, or with the part of it that was asked for. A part that would cut a character in two is answered with the whole:
 * what carries the answer carries text.
 *
 * @throws {AlmanacError} `range.invalid`
 */
export function answerJson({ text, range, expiresInSeconds }: JsonAnswer): Response {
  const bytes = Buffer.from(text);
  const headers = {
    'content-type': 'application/json',
    'cache-control': `private, max-age=${expiresInSeconds}`,
    'accept-ranges': 'bytes',
  };
  const asked = byteRange(range, bytes.byteLength);
  if (asked.kind === 'unsatisfiable')
    throw new AlmanacError(
      'range.invalid',
      `Expected a range within the ${bytes.byteLength} bytes of the result, got \`${range?.slice(0, 64)}\`.`,
    );
  if (asked.kind === 'part') {
    const part = bytes.subarray(asked.first, asked.last + 1);
    if (isWholeText(part)) {
      const place = `bytes ${asked.first}-${asked.last}/${bytes.byteLength}`;
      return new Response(part.toString(), {
        status: 206,
        headers: { ...headers, 'content-range': place },
      });
    }
  }
  return new Response(text, { status: 200, headers });
}

function isWholeText(part: Uint8Array): boolean {
  return Buffer.from(Buffer.from(part).toString()).equals(part);
}
