import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { CompiledTrigger } from './compiled-trigger.ts';

/** Broken off: the triggers of an `all` did not agree within as many fire times as its `maxIterations` allows. */
export class MaxIterationsReached extends Error {
  override readonly name = 'MaxIterationsReached';
  readonly code = 'trigger.max-iterations';
}

/** Fires whenever one of the triggers does; equal instants once. */
export function whenAny(triggers: readonly CompiledTrigger[]): CompiledTrigger {
  return {
    next(from) {
      let earliest: EpochSeconds | undefined;
      for (const trigger of triggers) {
        const at = trigger.next(from);
        if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
      }
      return earliest;
    },
  };
}

/**
 * Fires at an instant at which one of the triggers does, if each other one does no more than the threshold later.
 *
 * It is exhausted when one of the triggers is.
 *
 * @throws {MaxIterationsReached} After `maxIterations` fire times without agreement.
 */
export function whenAll(
  triggers: readonly CompiledTrigger[],
  limits: { readonly thresholdSeconds: number; readonly maxIterations: number },
): CompiledTrigger {
  const { thresholdSeconds, maxIterations } = limits;
  return {
    next(start) {
      let from = start;
      for (let iterations = 0; iterations < maxIterations; iterations += 1) {
        const span = spanOf(triggers, from);
        if (!span) return undefined;
        if (span.last - span.first <= thresholdSeconds) return span.first;
        // No agreement can begin before the latest of the next fire times is within reach.
        from = Math.max(span.first + 1, span.last - thresholdSeconds);
      }
      throw new MaxIterationsReached(
        `Expected the triggers of an \`all\` to agree within ${maxIterations} iterations, got no fire time that they share`,
      );
    },
  };
}

function spanOf(
  triggers: readonly CompiledTrigger[],
  from: EpochSeconds,
): { readonly first: EpochSeconds; readonly last: EpochSeconds } | undefined {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const trigger of triggers) {
    const at = trigger.next(from);
    if (at === undefined) return undefined;
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  return { first, last };
}
