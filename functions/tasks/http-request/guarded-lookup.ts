import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './is-public-address.ts';
import { RequestRefused } from './request-refused.ts';

/** Resolves a name to all of its addresses, as `dns.promises.lookup` does. */
export type ResolveName = (hostname: string, options: LookupAllOptions) => Promise<LookupAddress[]>;

/**
 * Makes the lookup of a connection that resolves to public addresses alone.
 *
 * The connection is made to the very addresses that were checked: a name that is resolved once for the check and once more for the
 * connection could answer differently the second time. A name with any address that is not public is refused whole.
 *
 * It is not called for a host that is an address already; {@link assertPublicHost} is for these.
 */
export function guardedLookup(resolve: ResolveName): LookupFunction {
  return (hostname, { all, ...options }, callback) => {
    resolve(hostname, { ...options, all: true }).then(
      (addresses) => {
        const [first] = addresses;
        if (!first || !addresses.every(({ address }) => isPublicAddress(address)))
          callback(refusalOf(hostname), '', 0);
        else if (all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

/**
 * Refuses a URL whose host is an address that is not public. The URL's parser has brought `0x7f.1` and `2130706433` into the one
 * form of an address before.
 *
 * @throws {RequestRefused} `AddressRefused`.
 */
export function assertPublicHost({ hostname }: URL): void {
  const address = hostname.replaceAll(/[[\]]/g, '');
  if (isIP(address) !== 0 && !isPublicAddress(address)) throw refusalOf(hostname);
}

/** What a name resolved to is left out: it would tell the names and addresses of a private network. */
function refusalOf(hostname: string): RequestRefused {
  return new RequestRefused(
    'AddressRefused',
    `Expected ${hostname} to lie on the public internet, got another address; infra/tasks.ts can name it as an allowed host.`,
  );
}
