import { RequestRefused } from './request-refused.ts';

/**
 * Reads an address to be called, of an input or of a redirect.
 *
 * @param base - What a relative address counts from.
 * @throws {RequestRefused} `RequestInvalid` for anything but http and https, and for credentials in the address, which would be
 * stored and logged with it.
 */
export function readUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new RequestRefused(
      'RequestInvalid',
      `Expected an http or https address, got ${url ? url.protocol : 'a text that is no address'}.`,
    );
  if (url.username !== '' || url.password !== '')
    throw new RequestRefused(
      'RequestInvalid',
      `Expected the address of ${url.host} to hold no credentials; send them as a header.`,
    );
  url.hash = '';
  return url;
}
