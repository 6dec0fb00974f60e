import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  encodeUnsettledJob,
  parseUnsettledJob,
  type UnsettledJob,
} from '#shared/domain/job/unsettled-job.ts';

const unsettled: UnsettledJob = {
  key: { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' },
  attempt: 2,
  owner: 'x7Kq02',
  settlement: {
    outcome: 'success',
    finishedAt: 1_795_424_405,
    durationMs: 4_200,
    result: {
      state: 'stored',
      bytes: 2_000,
      content: { kind: 'zstd', data: Uint8Array.from([0, 40, 181, 47, 253, 255]) },
    },
    expiry: {
      resultExpiresAt: 1_795_428_005,
      expiresAt: 1_795_428_005,
      rule: 'schedule:success',
    },
  },
};

describe('an unsettled job', () => {
  it('reads back as it was written, with the bytes of a compressed result', () => {
    expect(parseUnsettledJob(encodeUnsettledJob(unsettled))).toEqual(unsettled);
  });

  it('reads back what Node compressed, which comes as a Buffer', () => {
    const content = { kind: 'zstd', data: zstdCompressSync('{"total":3}') } as const;
    const job: UnsettledJob = {
      ...unsettled,
      settlement: { ...unsettled.settlement, result: { state: 'stored', bytes: 11, content } },
    };

    const result = parseUnsettledJob(encodeUnsettledJob(job))?.settlement.result;

    const read = result?.state === 'stored' && result.content.kind === 'zstd' && result.content;
    expect(read && zstdDecompressSync(read.data).toString()).toBe('{"total":3}');
  });

  it('reads back a result that is JSON text', () => {
    const content = { kind: 'text', text: '{"base64":"kept as text"}' } as const;
    const job: UnsettledJob = {
      ...unsettled,
      settlement: { ...unsettled.settlement, result: { state: 'stored', bytes: 25, content } },
    };

    expect(parseUnsettledJob(encodeUnsettledJob(job))).toEqual(job);
  });

  it.each(['', 'null', '[]', '{"v":1}', '{"v":1,"job":"x@y","attempt":1,"owner":"o"}'])(
    'is not found in %j',
    (text) => {
      expect(parseUnsettledJob(text)).toBeUndefined();
    },
  );
});
