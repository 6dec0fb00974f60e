import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertPublicHost } from '#functions/tasks/http-request/guarded-lookup.ts';
import { isPublicAddress } from '#functions/tasks/http-request/is-public-address.ts';

/** First octets and, where they matter, ranges of the second, of networks that are not public. */
const PRIVATE_NETWORKS: readonly (readonly [number, number, number])[] = [
  [0, 0, 255],
  [10, 0, 255],
  [100, 64, 127],
  [127, 0, 255],
  [169, 254, 254],
  [172, 16, 31],
  [192, 168, 168],
  [198, 18, 19],
  [224, 0, 255],
  [239, 0, 255],
  [240, 0, 255],
  [255, 0, 255],
];

const octet = () => fc.integer({ min: 0, max: 255 });

const privateV4 = () =>
  fc
    .constantFrom(...PRIVATE_NETWORKS)
    .chain(([first, from, to]) =>
      fc.tuple(fc.constant(first), fc.integer({ min: from, max: to }), octet(), octet()),
    );

/** Networks of large public services, none of them near a reserved one. */
const publicV4 = () =>
  fc
    .constantFrom(1, 8, 17, 52, 93, 151, 185, 208)
    .chain((first) => fc.tuple(fc.constant(first), octet(), octet(), octet()));

type Octets = readonly [number, number, number, number];

const dotted = (octets: Octets) => octets.join('.');
const hex = (octets: Octets) => octets.map((value) => value.toString(16).padStart(2, '0')).join('');
const asGroups = (octets: Octets) => hex(octets).replace(/^(.{4})/, '$1:');

/** Every way in which a URL may write an IPv4 address. */
const FORMS: Readonly<Record<string, (octets: Octets) => string>> = {
  dotted,
  'one number': (octets) => String(Number.parseInt(hex(octets), 16)),
  'one hexadecimal number': (octets) => `0x${hex(octets)}`,
  'hexadecimal parts': (octets) => octets.map((value) => `0x${value.toString(16)}`).join('.'),
  'octal parts': (octets) => octets.map((value) => `0${value.toString(8)}`).join('.'),
  'two parts': ([first, ...rest]) =>
    `${first}.${rest.reduce((sum, value) => sum * 256 + value, 0)}`,
  'a dot at the end': (octets) => `${dotted(octets)}.`,
};

/** Every way in which an IPv6 address may carry an IPv4 address. */
const CARRIERS: Readonly<Record<string, (octets: Octets) => string>> = {
  mapped: (octets) => `::ffff:${dotted(octets)}`,
  'mapped, in hexadecimal': (octets) => `::ffff:${asGroups(octets)}`,
  compatible: (octets) => `::${dotted(octets)}`,
  translated: (octets) => `::ffff:0:${dotted(octets)}`,
  NAT64: (octets) => `64:ff9b::${dotted(octets)}`,
  'local NAT64': (octets) => `64:ff9b:1::${dotted(octets)}`,
  '6to4': (octets) => `2002:${asGroups(octets)}::1`,
  Teredo: (octets) => `2001:0:${asGroups(octets)}::1`,
};

describe('isPublicAddress', () => {
  it('refuses every address of a private, loopback, link-local, shared, multicast or reserved network', () => {
    fc.assert(fc.property(privateV4(), (octets) => !isPublicAddress(dotted(octets))));
  });

  it('takes addresses outside of them', () => {
    fc.assert(fc.property(publicV4(), (octets) => isPublicAddress(dotted(octets))));
  });

  it.each(Object.keys(CARRIERS))('refuses IPv6 that carries any IPv4 address, %s', (name) => {
    fc.assert(
      fc.property(fc.oneof(privateV4(), publicV4()), (octets) => {
        const address = CARRIERS[name]?.(octets) ?? '';
        return !isPublicAddress(address);
      }),
    );
  });

  it.each([
    '::',
    '::1',
    'fd00:ec2::254',
    'fc00::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '100::1',
    '2001:db8::1',
    '3fff::1',
    '5f00::1',
    '192.0.0.192',
    '192.88.99.1',
    '203.0.113.9',
    'localhost',
    '',
  ])('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    '2606:4700:4700::1111',
    '2001:4860:4860::8888',
    '2600:1f18::1',
    '2a00:1450:4001:81b::200e',
    '172.15.255.255',
    '172.32.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '169.253.255.255',
    '9.255.255.255',
    '11.0.0.0',
    '223.255.255.255',
  ])('takes %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('assertPublicHost', () => {
  it.each(Object.keys(FORMS))('sees through an IPv4 address written as %s', (name) => {
    const write = (octets: Octets) => new URL(`http://${FORMS[name]?.(octets)}/`);

    fc.assert(
      fc.property(privateV4(), (octets) => {
        expect(() => assertPublicHost(write(octets))).toThrow(/to lie on the public internet/);
      }),
    );
    fc.assert(
      fc.property(publicV4(), (octets) => {
        expect(() => assertPublicHost(write(octets))).not.toThrow();
      }),
    );
  });

  it.each(Object.keys(CARRIERS))('sees through an IPv6 address in brackets, %s', (name) => {
    fc.assert(
      fc.property(privateV4(), (octets) => {
        const url = new URL(`http://[${CARRIERS[name]?.(octets)}]/`);
        expect(() => assertPublicHost(url)).toThrow(/to lie on the public internet/);
      }),
    );
  });

  it('leaves names to the lookup of the connection', () => {
    expect(() => assertPublicHost(new URL('http://localhost/'))).not.toThrow();
  });
});
