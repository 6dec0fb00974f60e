import { describe, expect, it } from 'vitest';
import { composeChecksum, computeChecksum } from '#local/services/s3/checksum.ts';
import { crc32c, crc64nvme } from '#local/services/s3/crc.ts';

// The check values of https://reveng.sourceforge.io/crc-catalogue/all.htm: of the digits 1 to 9.
const DIGITS = Buffer.from('123456789');

describe('checksums', () => {
  it('have the check values of the CRC catalogue', () => {
    expect(crc32c(DIGITS)).toBe(0xe306_9283);
    expect(crc64nvme(DIGITS)).toBe(0xae8b_1486_0a79_9888n);
  });

  it.each([
    ['CRC32', 'y/Q5Jg=='],
    ['CRC32C', '4waSgw=='],
    ['CRC64NVME', 'rosUhgp5mIg='],
    ['SHA1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
    ['SHA256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
  ] as const)('are written in base64, most significant byte first: %s', (algorithm, value) => {
    expect(computeChecksum(algorithm, DIGITS)).toBe(value);
  });

  it('keep their leading zeros', () => {
    expect(computeChecksum('CRC64NVME', Buffer.alloc(0))).toBe('AAAAAAAAAAA=');
    expect(computeChecksum('CRC32', Buffer.alloc(0))).toBe('AAAAAA==');
  });

  it('of parts are composed from the digests of the parts, with their number', () => {
    const parts = ['1234', '56789'].map((text) => computeChecksum('CRC32', Buffer.from(text)));

    expect(composeChecksum('CRC32', parts)).toMatch(/^[\w+/]{6}==-2$/);
    expect(composeChecksum('CRC32', parts)).not.toBe(composeChecksum('CRC32', parts.toReversed()));
  });
});
