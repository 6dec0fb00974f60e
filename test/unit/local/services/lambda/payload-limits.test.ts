import { describe, expect, it } from 'vitest';
import {
  countWithinPayload,
  MAX_SYNC_PAYLOAD_BYTES,
} from '#local/services/lambda/payload-limits.ts';

describe('countWithinPayload', () => {
  it.each([
    [[], 0],
    [[10, 20], 2],
    [[MAX_SYNC_PAYLOAD_BYTES, 1], 1],
    [[MAX_SYNC_PAYLOAD_BYTES - 1, 1, 1], 2],
    [[MAX_SYNC_PAYLOAD_BYTES + 1, 1], 1],
  ])('takes of the sizes %j the leading %i', (sizes, count) => {
    expect(countWithinPayload(sizes)).toBe(count);
  });
});
