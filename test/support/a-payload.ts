import type { PayloadPointer } from '#shared/domain/result/stored-result.ts';

/** Builds the pointer to a result of 2 MB of `daily-sales`, in the class of one day. */
export function aPayload(changes: Partial<PayloadPointer> = {}): PayloadPointer {
  return {
    key: 'results/1d/daily-sales/20261123T090000Z/1-owner-1',
    bytes: 2_000_000,
    storedBytes: 300_000,
    sha256: '0'.repeat(64),
    encoding: 'gzip',
    type: 'application/json',
    keptUntil: '2026-11-24T09:00:02Z',
    ...changes,
  };
}
