import type { IncomingMessage } from 'node:http';
import { readUrl } from './read-url.ts';
import { RequestFailed } from './request-failed.ts';
import type { Exchange } from './send-request.ts';

/** The answer at the end of the redirects. */
export interface Followed {
  readonly answer: IncomingMessage;
  /** The method of the request that was answered so. */
  readonly method: string;
  /** Where the redirects led, in order. */
  readonly redirects: readonly string[];
}

const REDIRECTS: readonly (number | undefined)[] = [301, 302, 303, 307, 308];

/**
 * Sends a request on to wherever it is redirected.
 *
 * @param mostRedirects - At 0 a redirect is the answer itself.
 * @throws {RequestFailed} `TooManyRedirects`.
 * @throws {RequestRefused} `RequestInvalid` for a redirect to what is no http or https address; besides, what `send` throws.
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch for the method after a redirect
 */
export async function followRedirects(
  first: Exchange,
  mostRedirects: number,
  send: (exchange: Exchange) => Promise<IncomingMessage>,
): Promise<Followed> {
  const redirects: string[] = [];
  let exchange = first;
  for (;;) {
    const answer = await send(exchange);
    const { location } = answer.headers;
    const isRedirect = REDIRECTS.includes(answer.statusCode) && location !== undefined;
    if (!isRedirect || mostRedirects === 0) return { answer, method: exchange.method, redirects };
    answer.destroy();
    if (redirects.length === mostRedirects)
      throw new RequestFailed(
        'TooManyRedirects',
        `Expected at most ${mostRedirects} redirects, got another at ${exchange.url.host}.`,
      );
    exchange = redirected(exchange, answer.statusCode, readUrl(location, exchange.url));
    redirects.push(exchange.url.href);
  }
}

function redirected(exchange: Exchange, status: number | undefined, url: URL): Exchange {
  const { method } = exchange;
  const isAskedAnew =
    (status === 303 && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST');
  const { 'content-type': type, ...others } = exchange.headers;
  const isSameOrigin = url.origin === exchange.url.origin;
  return {
    url,
    method: isAskedAnew ? 'GET' : method,
    body: isAskedAnew ? undefined : exchange.body,
    // Any header of the user's may be a key to the origin that it was meant for.
    headers: {
      ...(isSameOrigin && others),
      ...(!isAskedAnew && type !== undefined && { 'content-type': type }),
    },
  };
}
