import type { IncomingHttpHeaders } from 'node:http';

/**
 * The headers of an answer that its result may show. It is a list of what is kept, not of what is left out: cookies, tokens and
 * challenges never come into a result, whatever they are called.
 */
const SHOWN: readonly string[] = [
  'age',
  'allow',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'link',
  'location',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'server',
  'vary',
  'x-correlation-id',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-request-id',
];

const MOST_CHARACTERS = 512;

/** Picks the headers that a result shows, each cut to 512 characters. */
export function selectHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    SHOWN.flatMap((name) => {
      const value = headers[name];
      return value === undefined
        ? []
        : [[name, [value].flat().join(', ').slice(0, MOST_CHARACTERS)]];
    }),
  );
}
