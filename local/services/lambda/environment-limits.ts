/** How many environments there may be, and for how long. */
export interface EnvironmentLimits {
  readonly perFunction: number;
  readonly inAll: number;
  /** Real milliseconds after which an environment that runs nothing is ended. */
  readonly idleMs: number;
}

/** What this machine is asked to carry. Lambda itself has no such limits below an account's 1,000. */
export const ENVIRONMENT_LIMITS: EnvironmentLimits = {
  perFunction: 8,
  inAll: 16,
  idleMs: 600_000,
};

/**
 * Decides whether one more invocation may run now.
 *
 * A function that waits for another holds its place meanwhile, so not all places go to the outermost calls: at depth 0
 * (events and event source mappings) three quarters of them, and each depth below half of what is left: of 16 places 12,
 * 14, 15 and at depth 3 all. So calls of functions by functions, three deep, find a place whatever waits outside. A
 * function that calls itself can still use up its own places; its calls then wait until they are given up.
 *
 * @param depth - How many synchronous calls lie behind the invocation; one from outside counts as 1.
 */
export function hasPlace(
  busy: { readonly ofFunction: number; readonly inAll: number },
  depth: number,
  limits: EnvironmentLimits,
): boolean {
  const keptForDeeper = Math.floor(limits.inAll / 4 / 2 ** depth);
  return busy.ofFunction < limits.perFunction && busy.inAll < limits.inAll - keptForDeeper;
}
