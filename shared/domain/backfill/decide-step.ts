import type { Backfill, OpenFiring } from '#shared/domain/backfill/backfill.ts';
import type { FiringRules, PastFiring } from '#shared/domain/backfill/decide-firing.ts';
import type { OpenLook } from '#shared/domain/backfill/look-at-open.ts';
import { nextWait } from '#shared/domain/backfill/pace.ts';
import { type PickedFirings, pickFirings } from '#shared/domain/backfill/pick-firings.ts';

/** What a step of a backfill comes to. */
export interface BackfillStep {
  /** As it is once the step is done; its version and who writes it are left to whoever does. */
  readonly backfill: Backfill;
  /** What is started, before the step is done. */
  readonly starts: readonly OpenFiring[];
}

/** What was seen of the fire times that are looked at next. */
export interface LookAhead {
  /** In order. */
  readonly firings: readonly PastFiring[];
  /** Where to look on from after all of these. */
  readonly lookFrom: number;
}

/**
 * Decides the next step of a backfill: what it starts, and where it stands then.
 *
 * It is done once every fire time has been looked at, and all that it has started has settled.
 */
export function decideStep(
  before: Backfill,
  { open, ahead, room }: StepView,
  rules: FiringRules & { readonly windowSeconds: number },
): BackfillStep {
  const { now, windowSeconds } = rules;
  const picked = ahead
    ? pickFirings(ahead.firings, rules, { room, lookFrom: ahead.lookFrom })
    : { starts: [], found: NOTHING, lookFrom: before.lookFrom };
  const starts = [...open.lost, ...picked.starts].map((fireTime) => ({
    fireTime,
    sentAt: now,
    deliverBy: now + windowSeconds,
  }));
  const isDone = starts.length === 0 && open.open.length === 0 && picked.lookFrom > before.to;
  const hasLookedOn = picked.lookFrom > before.lookFrom;
  const hasMoved = starts.length > 0 || open.open.length < before.open.length;
  const isOnlyLooking = hasLookedOn && starts.length === 0;
  return {
    starts,
    backfill: {
      ...before,
      ...(isDone && { state: 'completed', endedAt: now }),
      counts: countsAfter(before, picked.found, open.unknown),
      lookFrom: picked.lookFrom,
      open: [...open.open, ...starts],
      waitSeconds: isOnlyLooking ? 0 : nextWait(before.waitSeconds, hasMoved),
    },
  };
}

/** What a step of a backfill is decided by. */
export interface StepView {
  /** What has become of what it started before. */
  readonly open: OpenLook;
  /** Absent where there is no room for another start, or nothing left to look at. */
  readonly ahead: LookAhead | undefined;
  /** So many more may be under way. */
  readonly room: number;
}

const NOTHING: PickedFirings['found'] = { started: 0, settled: 0, running: 0, unknown: 0 };

/** What was started, and is found to be unknown afterwards, is not counted as started any more. */
function countsAfter(
  { counts }: Backfill,
  found: PickedFirings['found'],
  unknown: number,
): Backfill['counts'] {
  return {
    due: counts.due,
    started: counts.started + found.started - unknown,
    settled: counts.settled + found.settled,
    running: counts.running + found.running,
    unknown: counts.unknown + found.unknown + unknown,
  };
}
