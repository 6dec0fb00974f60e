import { BlockList, isIPv4 } from 'node:net';

/**
 * Tells whether an address belongs to the public internet, so that a request to it reaches nothing that only we can reach.
 *
 * Of IPv6 just the global unicast space is taken, without what is set aside in it. The forms that carry an IPv4 address
 * (mapped, NAT64, 6to4, Teredo) are refused whole, whatever address they carry.
 *
 * @param address - As a resolver gives it; one with a zone (`fe80::1%eth0`) and a text that is no address are not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !RESERVED_V4.check(address, 'ipv4');
  if (!/^[0-9a-f:.]+$/i.test(address)) return false;
  return GLOBAL_V6.check(address, 'ipv6') && !RESERVED_V6.check(address, 'ipv6');
}

/** @see https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml */
const RESERVED_V4 = listOf('ipv4', [
  '0.0.0.0/8', // this network; on Linux 0.0.0.0 is the machine itself
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback, with Lambda's Runtime API
  '169.254.0.0/16', // link-local, with the metadata services
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // relays of 6to4
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
]);

/** Loopback, unspecified, mapped, NAT64, unique local (`fd00:ec2::254`), link-local and multicast addresses all lie outside. */
const GLOBAL_V6 = listOf('ipv6', ['2000::/3']);

/** @see https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml */
const RESERVED_V6 = listOf('ipv6', [
  '2001::/23', // protocol assignments, with Teredo
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
]);

function listOf(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
