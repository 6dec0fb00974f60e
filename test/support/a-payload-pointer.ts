import type { PayloadPointer } from '#shared/domain/result/stored-result.ts';

/** Builds the pointer to a result of 2 MB, which takes 300,000 bytes in the class of a month. */
export function aPayloadPointer(changes: Partial<PayloadPointer> = {}): PayloadPointer {
  return {
    key: 'results/30d/daily-sales/20261123T090000Z/1-owner-1',
    bytes: 2_000_000,
    storedBytes: 300_000,
    sha256: '0'.repeat(64),
    encoding: 'gzip',
    type: 'application/json',
    keptUntil: '2026-12-23T09:00:02Z',
    ...changes,
  };
}
