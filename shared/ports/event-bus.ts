import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';

/** Where a stack tells what has happened. */
export interface EventBus {
  /**
   * Puts events, in order and in as many requests as they need, until a request has one that is refused.
   *
   * @throws {AlmanacError} `store.unavailable` where the bus does not answer; some events may have been taken then.
   */
  put(events: readonly AlmanacEvent[]): Promise<PutEvents>;
}

/** How far events were put. */
export interface PutEvents {
  /** Events that were taken without a refusal before them; later ones of the same request may have been taken too. */
  readonly taken: number;
  /** Why the event after those was not, in AWS's words. */
  readonly refusal?: { readonly code: string; readonly message: string };
}
