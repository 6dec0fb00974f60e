import { AlmanacError } from '#shared/domain/almanac-error.ts';

/**
 * Turns whatever a store's client gave up on into one error of ours.
 *
 * @param store - What did not answer, as the sentence names it.
 * @throws {AlmanacError} `store.unavailable`, with the cause; an error of ours passes through.
 */
export function throwUnavailable(error: unknown, store: string): never {
  if (error instanceof AlmanacError) throw error;
  throw new AlmanacError(
    'store.unavailable',
    `Expected ${store} to answer, got ${error instanceof Error ? error.name : 'no answer'}. Try again in a moment.`,
    { cause: error },
  );
}
