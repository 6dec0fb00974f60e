import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as AgentTls, request as requestHttps } from 'node:https';
import type { IsAllowedHost } from './allowed-hosts.ts';
import { assertPublicHost, guardedLookup, type ResolveName } from './guarded-lookup.ts';
import { RequestFailed } from './request-failed.ts';
import { RequestRefused } from './request-refused.ts';

/** One request. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** What requests are sent by. */
export interface Sending {
  readonly isAllowedHost: IsAllowedHost;
  readonly resolve: ResolveName;
  readonly signal: AbortSignal;
}

/**
 * Sends one request, and gives the answer as soon as its headers have come. Redirects are answers here.
 *
 * Each request has a connection of its own: one that is kept and taken up again would not be looked up again, nor checked. Proxies that
 * the environment names are not used, for the same reason.
 *
 * @throws {RequestRefused} `AddressRefused`.
 * @throws {RequestFailed} `NoAnswer`.
 */
export async function sendRequest(
  { method, url, headers, body }: Exchange,
  { isAllowedHost, resolve, signal }: Sending,
): Promise<IncomingMessage> {
  const isAllowed = isAllowedHost(url);
  if (!isAllowed) assertPublicHost(url);
  const options = {
    method,
    signal,
    headers: { ...headers, ...(body && { 'content-length': body.byteLength }) },
    ...(!isAllowed && { lookup: guardedLookup(resolve) }),
  };
  const sent =
    url.protocol === 'https:'
      ? requestHttps(url, { ...options, agent: new AgentTls({ keepAlive: false }) })
      : requestHttp(url, { ...options, agent: new Agent({ keepAlive: false }) });
  return new Promise((resolveAnswer, reject) => {
    sent.once('response', resolveAnswer);
    sent.once('error', (error) => reject(failureOf(error, url)));
    sent.end(body);
  });
}

function failureOf(error: Error, { host }: URL): Error {
  return error instanceof RequestRefused
    ? error
    : new RequestFailed('NoAnswer', `Expected ${host} to answer`, { cause: error });
}
