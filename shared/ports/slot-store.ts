import type { Slot, SlotGroup, SlotHolder } from '#shared/domain/job/slot.ts';

/** What became of asking for a slot. */
export type SlotTaken =
  | { readonly kind: 'taken' }
  /** Nothing is written. */
  | { readonly kind: 'held'; readonly by: SlotHolder };

/**
 * The slots that bound how many jobs run at once. Each write is conditional, so that of two that ask for a slot one gets it.
 *
 *     free ── take ──▶ held ── take, by its holder: a longer lease ──▶ held
 *                       │  └── take, from the holder that was seen ──▶ held by another
 *                       └── free | handOver, by its holder alone
 *
 * Every method throws {AlmanacError} `store.unavailable` after the client's own retries.
 */
export interface SlotStore {
  /**
   * Takes a slot that is free, or that the same holder has already.
   *
   * @param from - A holder that has been found to have let go of it: the slot is taken where it still is just that one's.
   */
  take(slot: Slot, holder: SlotHolder, from?: SlotHolder): Promise<SlotTaken>;
  /** Lets go of a slot; does nothing where someone else holds it. */
  free(slot: Slot, holder: string): Promise<void>;
  /**
   * Gives a slot to another, who has yet to come for it.
   *
   * @returns `false` where someone else holds it.
   */
  handOver(slot: Slot, holder: string, to: SlotHolder): Promise<boolean>;
  /** Reads who holds the slots of a group, by the slots' `fireTime`. */
  holders(group: SlotGroup): Promise<ReadonlyMap<string, SlotHolder>>;
}
