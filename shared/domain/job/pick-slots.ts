import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { LEASE_GRACE_SECONDS } from '#shared/domain/job/decide-claim.ts';
import type { SlotHolder } from '#shared/domain/job/slot.ts';
import { stableFraction } from '#shared/domain/stable-fraction.ts';

/** Who asks for one of a task's slots, and how they stand. */
export interface SlotQuestion {
  /** How many there are: the slots `#0` to one less. */
  readonly slots: number;
  /** Who has them, by name; free ones are absent. */
  readonly holders: ReadonlyMap<string, SlotHolder>;
  readonly holder: string;
  readonly now: EpochSeconds;
}

/** A slot that may be asked for; `from` has let it lapse. */
export interface SlotCandidate {
  readonly index: number;
  readonly from?: SlotHolder;
}

/** Others ask at the same moment, as all of a busy minute's jobs do; who loses so often waits. */
const MOST_CANDIDATES = 8;

/**
 * Picks which of a task's slots an attempt asks for, in order: the one that it has already, then free ones, then those whose holder's
 * lease has ended. Each attempt begins at a place of its own among the free ones, so that few ask for the same.
 */
export function pickSlots({ slots, holders, holder, now }: SlotQuestion): readonly SlotCandidate[] {
  const first = Math.floor(stableFraction(holder) * slots);
  const own: SlotCandidate[] = [];
  const free: SlotCandidate[] = [];
  const lapsed: SlotCandidate[] = [];
  for (let step = 0; step < slots; step += 1) {
    const index = (first + step) % slots;
    const by = holders.get(`#${index}`);
    if (!by) free.push({ index });
    else if (by.holder === holder) own.push({ index });
    else if (by.leaseUntil + LEASE_GRACE_SECONDS <= now) lapsed.push({ index, from: by });
  }
  return [...own, ...free, ...lapsed].slice(0, MOST_CANDIDATES);
}
