/** Reflected CRC-32C (Castagnoli) polynomial. See https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4 */
const CRC32C_POLYNOMIAL = 0x82f6_3b78;

/** Reflected CRC-64/NVME polynomial. See https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-64-nvme */
const CRC64NVME_POLYNOMIAL = 0x9a6c_9329_ac4b_c9b5n;

const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1)
    value = value & 1 ? (value >>> 1) ^ CRC32C_POLYNOMIAL : value >>> 1;
  return value;
});

const crc64Table = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1)
    value = value & 1n ? (value >> 1n) ^ CRC64NVME_POLYNOMIAL : value >> 1n;
  return value;
});
const crc64High = Uint32Array.from(crc64Table, (value) => Number(value >> 32n));
const crc64Low = Uint32Array.from(crc64Table, (value) => Number(value & 0xffff_ffffn));

/** Computes CRC-32C as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crc32cTable[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffff_ffff) >>> 0;
}

/** Computes CRC-64/NVME; in two 32-bit halves, because a BigInt per byte is some twenty times slower. */
export function crc64nvme(bytes: Uint8Array): bigint {
  let high = 0xffff_ffff;
  let low = 0xffff_ffff;
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (crc64Low[index] ?? 0);
    high = (high >>> 8) ^ (crc64High[index] ?? 0);
  }
  return (BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0);
}
