/** No attempt holds a job longer: Lambda's longest run of 900 s, and the margin. */
export const LONGEST_LEASE_SECONDS = 960;

/** A lease outlasts what is left of the invocation by this much, so that it ends only when its owner is surely dead. */
const MARGIN_SECONDS = 30;

/**
 * Sizes the lease of an attempt that begins now.
 *
 * @param remainingMs - What Lambda says is left of the invocation.
 * @returns Whole seconds, 1 to {@link LONGEST_LEASE_SECONDS}.
 */
export function leaseSecondsFor(remainingMs: number): number {
  const seconds = Math.ceil(remainingMs / 1000) + MARGIN_SECONDS;
  return Math.min(Math.max(seconds, 1), LONGEST_LEASE_SECONDS);
}
