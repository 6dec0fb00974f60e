import { type EpochSeconds, fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { localText } from '#shared/domain/schedule/local-text.ts';
import { MaxIterationsReached } from '#shared/domain/triggers/combined-rule.ts';
import { excludedFireTimes } from '#shared/domain/triggers/excluded-fire-times.ts';
import type { ClockChangeEffect } from '#shared/domain/triggers/explain-clock-changes.ts';
import { timeZoneOf } from '#shared/domain/triggers/time-zone.ts';
import type { TimedTrigger } from '#shared/domain/triggers/trigger.ts';

/** A time at which a trigger would fire, but for a clock change or its own `exclude`. */
export interface OmittedTime {
  readonly note: 'skipped' | 'excluded';
  /** The wall-clock time; one that a clock change skips has no offset, as it never is: `2026-03-08T02:30:00`. */
  readonly local: string;
  readonly timeZone: string;
  /** The instant that an exclusion suppresses. */
  readonly fireTime?: string;
  /** The clock change that skips the time. */
  readonly changeAt?: string;
}

/** A stretch of time: `after` is outside, `to` inside. */
export interface Stretch {
  readonly after: EpochSeconds;
  readonly to: EpochSeconds;
}

/** So many are listed at most, the earliest first. */
export const MOST_OMITTED = 100;

/** A time, and where it stands among the others. */
interface Placed {
  readonly place: EpochSeconds;
  readonly time: OmittedTime;
}

/**
 * Lists what a clock change skips and what exclusions suppress within a stretch, in order.
 *
 * @param effects - What clock changes do to the trigger, some time around the stretch included.
 * @param fires - All fire times within the stretch: what another trigger of an `any` fires is not omitted.
 * @returns One more than {@link MOST_OMITTED} where there are more.
 */
export function omittedTimes(
  trigger: TimedTrigger,
  stretch: Stretch,
  found: {
    readonly effects: readonly ClockChangeEffect[];
    readonly fires: readonly EpochSeconds[];
  },
): readonly OmittedTime[] {
  const fires = new Set(found.fires);
  const skipped = found.effects.flatMap((effect) => skippedTime(effect, stretch) ?? []);
  const { timeZone } = trigger;
  const excluded = excludedWithin(trigger, stretch, fires).map((at): Placed => {
    const local = localText(at, timeZone);
    return { place: at, time: { note: 'excluded', local, timeZone, fireTime: toIso(at) } };
  });
  return [...skipped, ...excluded]
    .sort((one, other) => one.place - other.place)
    .slice(0, MOST_OMITTED + 1)
    .map(({ time }) => time);
}

/** A skipped time stands in the list where it would be if the clock had not been changed yet. */
function skippedTime(
  { effect, timeZone, wallTime, changeAt }: ClockChangeEffect,
  { after, to }: Stretch,
): Placed | undefined {
  if (effect !== 'skipped') return undefined;
  const place =
    (fromIso(`${wallTime}Z`) ?? 0) - timeZoneOf(timeZone).periodAt(changeAt).offsetBefore;
  return place > after && place <= to
    ? { place, time: { note: 'skipped', local: wallTime, timeZone, changeAt: toIso(changeAt) } }
    : undefined;
}

/** The members of an `any` may have exclusions of their own; those of an `all` do not fire by themselves. */
function excludedWithin(
  trigger: TimedTrigger,
  stretch: Stretch,
  fires: ReadonlySet<EpochSeconds>,
): readonly EpochSeconds[] {
  const own = firstExcluded(trigger, stretch, fires);
  if (trigger.kind !== 'any') return own;
  const within = clipped(trigger, stretch);
  const ofMembers = trigger.of.flatMap((member) => excludedWithin(member, within, fires));
  return [...new Set([...own, ...ofMembers])];
}

function clipped(
  { startAt, endAt }: { readonly startAt?: EpochSeconds; readonly endAt?: EpochSeconds },
  { after, to }: Stretch,
): Stretch {
  return {
    after: startAt === undefined ? after : Math.max(after, startAt - 1),
    to: endAt === undefined ? to : Math.min(to, endAt),
  };
}

/** Where an `all` cannot be followed through its excluded days, the list ends. */
function firstExcluded(
  trigger: TimedTrigger,
  { after, to }: Stretch,
  fires: ReadonlySet<EpochSeconds>,
): readonly EpochSeconds[] {
  const excluded: EpochSeconds[] = [];
  try {
    for (const at of excludedFireTimes(trigger, after + 1, to)) {
      if (!fires.has(at)) excluded.push(at);
      if (excluded.length > MOST_OMITTED) break;
    }
  } catch (error) {
    if (!(error instanceof MaxIterationsReached)) throw error;
  }
  return excluded;
}
