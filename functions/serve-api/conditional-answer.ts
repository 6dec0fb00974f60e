import { createHash } from 'node:crypto';

/** It may be kept, but is asked for again each time: a newer one may have come, or this one's time be up. */
const ASKED_FOR_EACH_TIME = 'private, no-cache';

/**
 * Answers with JSON under an ETag of its own, or says that the caller has it already.
 *
 * @param ifNoneMatch - The header: an ETag, several, or `*`.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export function conditionalAnswer(text: string, ifNoneMatch: string | undefined): Response {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  const headers = { etag, 'cache-control': ASKED_FOR_EACH_TIME };
  if (ifNoneMatch !== undefined && isNamed(etag, ifNoneMatch))
    return new Response(null, { status: 304, headers });
  return new Response(text, { headers: { 'content-type': 'application/json', ...headers } });
}

function isNamed(etag: string, ifNoneMatch: string): boolean {
  return ifNoneMatch
    .split(',')
    .map((listed) => listed.trim().replace(/^W\//, ''))
    .some((listed) => listed === '*' || listed === etag);
}
