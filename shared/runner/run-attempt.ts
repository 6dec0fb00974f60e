import { type LostError, type LostErrorEvents, onLostError } from '#shared/runner/lost-error.ts';

/** How the user's function ended. */
export type AttemptEnd =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  /** It let go of an error. The process has to be ended once that is recorded: nobody knows what state it is in. */
  | { readonly kind: 'lost'; readonly error: LostError }
  | { readonly kind: 'timed-out' }
  /** Nobody wanted it to go on. */
  | { readonly kind: 'cancelled' };

/** How long an attempt may take, and how long it may go on after being told to stop. */
export interface AttemptLimits {
  /** Milliseconds from now until the signal aborts. */
  readonly abortAfterMs: number;
  /** Milliseconds from the abort until the function is no longer waited for. */
  readonly graceMs: number;
  /** Aborts when nobody wants the attempt to go on; the function's own signal then aborts for the same reason. */
  readonly cancelled?: AbortSignal;
}

/** An invocation with less than this left keeps a share of it back instead of {@link RESERVE_MS}. */
const SHORT_INVOCATION_MS = 50_000;
const RESERVE_MS = 10_000;
const SHORT_RESERVE_SHARE = 0.2;

/** This share of what is kept back may still be used by a function that heeds the signal. */
const GRACE_SHARE = 0.25;

/**
 * Splits what is left of an invocation between the function and the settling of its end.
 *
 *     now                       abort     end of grace          Lambda kills
 *      |── the function runs ─────|── grace ──|── settling ──────────|
 *
 * @param timeoutSeconds - The policy's own limit, where that is sooner.
 */
export function attemptLimits(
  remainingMs: number,
  timeoutSeconds: number | undefined,
): AttemptLimits {
  const reserveMs =
    remainingMs < SHORT_INVOCATION_MS ? remainingMs * SHORT_RESERVE_SHARE : RESERVE_MS;
  const policyMs = timeoutSeconds === undefined ? Number.POSITIVE_INFINITY : timeoutSeconds * 1000;
  return {
    abortAfterMs: Math.max(Math.min(remainingMs - reserveMs, policyMs), 0),
    graceMs: reserveMs * GRACE_SHARE,
  };
}

/**
 * Runs the user's function under a time limit. It never rejects.
 *
 * A function that returns within the grace has kept its word and its result counts; one that rejects then, or goes on, has timed out.
 * One that goes on is left alone: Lambda freezes it, and it may run on beside a later job of the same process; what it then throws
 * ends that. A cancelled one has the same grace, and whatever it returns then is dropped. One that blocks the event loop is not seen to at all: Lambda kills it, and the lease of its job decides.
 *
 * @param events - Where the process tells of errors that nobody catches.
 */
export async function runAttempt(
  run: (signal: AbortSignal) => unknown,
  { abortAfterMs, graceMs, cancelled }: AttemptLimits,
  events: LostErrorEvents,
): Promise<AttemptEnd> {
  const lost = Promise.withResolvers<AttemptEnd>();
  const stop = onLostError(events, (error) => lost.resolve({ kind: 'lost', error }));
  const controller = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const stopped = new Promise<AttemptEnd>((resolve) => {
    const abort = (reason: unknown) => {
      controller.abort(reason);
      timers.push(setTimeout(() => resolve({ kind: 'timed-out' }), graceMs));
    };
    const timeIsUp = () => abort(new DOMException("The attempt's time is up.", 'TimeoutError'));
    timers.push(setTimeout(timeIsUp, abortAfterMs));
    cancelled?.addEventListener('abort', () => abort(cancelled.reason), { once: true });
  });
  const ended = endOf(run, controller.signal);
  const end = await Promise.race([ended, stopped, lost.promise]);
  stop();
  for (const timer of timers) clearTimeout(timer);
  return cancelled?.aborted && end.kind !== 'lost' ? { kind: 'cancelled' } : end;
}

async function endOf(
  run: (signal: AbortSignal) => unknown,
  signal: AbortSignal,
): Promise<AttemptEnd> {
  try {
    return { kind: 'returned', value: await run(signal) };
  } catch (error) {
    return signal.aborted ? { kind: 'timed-out' } : { kind: 'threw', error };
  }
}
