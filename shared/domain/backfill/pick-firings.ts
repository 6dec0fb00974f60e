import type { BackfillCounts } from '#shared/domain/backfill/backfill.ts';
import {
  decideFiring,
  type Firing,
  type FiringRules,
  type PastFiring,
} from '#shared/domain/backfill/decide-firing.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** What a backfill makes of the fire times that it has looked at. */
export interface PickedFirings {
  readonly starts: readonly EpochSeconds[];
  /** What was found, beside `due`. */
  readonly found: Omit<BackfillCounts, 'due'>;
  /** Every fire time before it has been looked at. */
  readonly lookFrom: EpochSeconds;
}

const COUNTED_AS = {
  start: 'started',
  settled: 'settled',
  running: 'running',
  unknown: 'unknown',
} as const satisfies Record<Firing, keyof BackfillCounts>;

/**
 * Picks the fire times that are started, in order, until there is no room for more.
 *
 * @param firings - In order.
 * @param most.room - So many are started; those behind the last of them are left to be looked at again.
 * @param most.lookFrom - Where to look on from where all of them are looked at.
 */
export function pickFirings(
  firings: readonly PastFiring[],
  rules: FiringRules,
  most: { readonly room: number; readonly lookFrom: EpochSeconds },
): PickedFirings {
  const starts: EpochSeconds[] = [];
  const found = { started: 0, settled: 0, running: 0, unknown: 0 };
  for (const firing of firings) {
    const decided = decideFiring(firing, rules);
    if (decided === 'start' && starts.length === most.room)
      return { starts, found, lookFrom: firing.fireTime };
    found[COUNTED_AS[decided]] += 1;
    if (decided === 'start') starts.push(firing.fireTime);
  }
  return { starts, found, lookFrom: most.lookFrom };
}
