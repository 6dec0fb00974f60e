import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { localText } from '#shared/domain/schedule/local-text.ts';
import {
  MOST_OMITTED,
  type OmittedTime,
  omittedTimes,
  type Stretch,
} from '#shared/domain/schedule/omitted-times.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import { describeTrigger } from '#shared/domain/triggers/describe-trigger.ts';
import {
  type ClockChangeEffect,
  explainClockChanges,
} from '#shared/domain/triggers/explain-clock-changes.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import { type EventBridgeForm, toEventBridge } from '#shared/domain/triggers/to-event-bridge.ts';
import type { AfterTrigger, TimedTrigger, Trigger } from '#shared/domain/triggers/trigger.ts';

/** What a trigger will do, as people read it. */
export interface Preview {
  /** One English sentence without a full stop. */
  readonly description: string;
  /** The zone of `local`. */
  readonly timeZone: string;
  /** Whether EventBridge can hold the trigger itself; a `dependent` one, which another schedule's jobs fire, has no fire times of its own. */
  readonly mode: 'native' | 'planned' | 'dependent';
  /** What EventBridge holds of a native trigger. */
  readonly eventBridge?: { readonly expression: string; readonly timeZone: string };
  /** Why a trigger is planned; completes “planned, because”. */
  readonly reason?: string;
  readonly fireTimes: readonly PreviewedFireTime[];
  /** What a clock change skips and an exclusion suppresses, up to the last of `fireTimes`; at most 100. */
  readonly omitted: readonly OmittedTime[];
  /** Whether more is omitted than is listed. */
  readonly hasMoreOmitted: boolean;
  /** Whether no fire times are left after these. */
  readonly exhausted: boolean;
}

export interface PreviewedFireTime {
  /** ISO 8601 in UTC. */
  readonly fireTime: string;
  /** The same on the trigger's wall clock, with its offset. */
  readonly local: string;
  /** What a clock change does to it; absent where nothing. */
  readonly notes?: readonly FireTimeNote[];
}

/** Shifted out of a gap, or at a time that the clock shows twice. */
export type FireTimeNote = Exclude<ClockChangeEffect['effect'], 'skipped'>;

/** A preview without `count` shows so many fire times. */
export const DEFAULT_PREVIEW_COUNT = 10;

/** The fire times of one side of a clock change can lie this far on its other side. */
const CLOCK_CHANGE_MARGIN_SECONDS = DAY_SECONDS;

/**
 * Shows a trigger's next fire times, in UTC and on its wall clock, and what clock changes and exclusions do to them.
 *
 * Nothing is refused here: a trigger that has passed shows no fire times, one that fires each second shows that.
 *
 * @param from - Exclusive lower bound.
 * @param count - How many fire times are shown, at least 1; fewer if the trigger is exhausted before.
 * @param form - Of a schedule, whose policies may make it a planned one.
 * @throws {MaxIterationsReached} As `nextFireTime` does.
 */
export function previewTrigger(
  trigger: Trigger,
  { from, count }: { readonly from: EpochSeconds; readonly count: number },
  form: EventBridgeForm = toEventBridge(trigger),
): Preview {
  return trigger.kind === 'after'
    ? previewAfter(trigger)
    : previewTimed(trigger, { from, count }, form);
}

function previewAfter(trigger: AfterTrigger): Preview {
  return {
    description: describeTrigger(trigger),
    timeZone: 'UTC',
    mode: 'dependent',
    fireTimes: [],
    omitted: [],
    hasMoreOmitted: false,
    exhausted: false,
  };
}

function previewTimed(
  trigger: TimedTrigger,
  { from, count }: { readonly from: EpochSeconds; readonly count: number },
  form: EventBridgeForm,
): Preview {
  const fires = takeFireTimes(trigger, from, count);
  const isExhausted = fires.length < count;
  const stretch = { after: from, to: isExhausted ? endOf(trigger) : (fires.at(-1) ?? from) };
  const effects = explainClockChanges(trigger, aroundStretch(stretch));
  const omitted = omittedTimes(trigger, stretch, { effects, fires });
  const noted = notesOf(effects);
  return {
    description: describeTrigger(trigger),
    timeZone: trigger.timeZone,
    ...modeIn(form),
    fireTimes: fires.map((at) => {
      const notes = noted.get(at);
      const local = localText(at, trigger.timeZone);
      return { fireTime: toIso(at), local, ...(notes && { notes: [...notes] }) };
    }),
    omitted: omitted.slice(0, MOST_OMITTED),
    hasMoreOmitted: omitted.length > MOST_OMITTED,
    exhausted: isExhausted,
  };
}

/**
 * Takes the next fire times strictly after an instant.
 *
 * @returns Fewer than `count` only if the trigger has no more.
 * @throws {MaxIterationsReached} As `nextFireTime` does.
 */
export function takeFireTimes(
  trigger: Trigger,
  after: EpochSeconds,
  count: number,
): readonly EpochSeconds[] {
  const taken: EpochSeconds[] = [];
  if (count < 1) return taken;
  for (const at of fireTimes(trigger, Math.floor(after) + 1)) {
    taken.push(at);
    if (taken.length === count) break;
  }
  return taken;
}

function endOf(trigger: TimedTrigger): EpochSeconds {
  const end = trigger.kind === 'once' ? undefined : trigger.endAt;
  return end ?? Number.POSITIVE_INFINITY;
}

function aroundStretch({ after, to }: Stretch): { from: EpochSeconds; to: EpochSeconds } {
  return { from: after - CLOCK_CHANGE_MARGIN_SECONDS, to: to + CLOCK_CHANGE_MARGIN_SECONDS };
}

function notesOf(
  effects: readonly ClockChangeEffect[],
): ReadonlyMap<EpochSeconds, ReadonlySet<FireTimeNote>> {
  const notes = new Map<EpochSeconds, Set<FireTimeNote>>();
  for (const { effect, fireTimes: at } of effects) {
    if (effect === 'skipped') continue;
    for (const fireTime of at) notes.set(fireTime, (notes.get(fireTime) ?? new Set()).add(effect));
  }
  return notes;
}

function modeIn(form: EventBridgeForm): Pick<Preview, 'mode' | 'eventBridge' | 'reason'> {
  if (form.kind === 'planned') return { mode: 'planned', reason: form.reason };
  if (form.kind === 'dependent') return { mode: 'dependent' };
  const { expression, timeZone } = form;
  return { mode: 'native', eventBridge: { expression, timeZone } };
}
