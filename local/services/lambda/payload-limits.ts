/**
 * Largest event and answer of a synchronous invocation, and largest batch of an event source mapping.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_SYNC_PAYLOAD_BYTES = 6_291_456;

/** Largest event of an asynchronous invocation. */
export const MAX_ASYNC_PAYLOAD_BYTES = 1_048_576;

/**
 * Counts how many of the leading items make one event together.
 *
 * @param sizes - Bytes of each item, oldest first.
 * @returns At least 1 for a non-empty list, so that an item that is too large by itself is tried and fails.
 */
export function countWithinPayload(sizes: readonly number[]): number {
  let bytes = 0;
  for (const [index, size] of sizes.entries()) {
    bytes += size;
    if (bytes > MAX_SYNC_PAYLOAD_BYTES && index > 0) return index;
  }
  return sizes.length;
}
