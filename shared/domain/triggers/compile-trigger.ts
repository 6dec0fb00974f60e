import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { calendarIntervalRule } from './calendar-interval-rule.ts';
import { whenAll, whenAny } from './combined-rule.ts';
import { cronRule } from './cron-rule.ts';
import { singleTime } from './once-rule.ts';
import { withinRecurrence } from './recurrence-bounds.ts';
import { withRruleDates } from './rrule-dates.ts';
import { timeZoneOf } from './time-zone.ts';
import type { ClockChangePolicy, IntervalTrigger, RecurringTrigger, Trigger } from './trigger.ts';
import { nextInstant, type WallRule } from './wall-clock.ts';

/** A trigger made ready to answer quickly; it remembers nothing of what it was asked. */
export interface CompiledTrigger {
  /** Finds the first fire time at or after an instant; `undefined` if there is none. */
  next(from: EpochSeconds): EpochSeconds | undefined;
}

const compiled = new WeakMap<Trigger, CompiledTrigger>();

/** Makes a trigger ready, once per value: asked again with the same value, it gives the same answer back. */
export function compileTrigger(trigger: Trigger): CompiledTrigger {
  const known = compiled.get(trigger);
  if (known) return known;
  const made = compile(trigger);
  compiled.set(trigger, made);
  return made;
}

function compile(trigger: Trigger): CompiledTrigger {
  if (trigger.kind !== 'once') return withinRecurrence(compileRecurring(trigger), trigger);
  return 'wall' in trigger.at
    ? onWallClock(singleTime(trigger.at.wall), trigger)
    : atInstant(trigger.at.instant);
}

function compileRecurring(trigger: RecurringTrigger): CompiledTrigger {
  switch (trigger.kind) {
    case 'cron':
      return onWallClock(cronRule(trigger.fields), trigger);
    case 'interval':
      return everySoOften(trigger);
    case 'calendarInterval':
      return onWallClock(calendarIntervalRule(trigger), trigger);
    case 'rrule':
      return withRruleDates(trigger, (rule) => onWallClock(rule, trigger));
    case 'any':
      return whenAny(trigger.of.map(compileTrigger));
    case 'all':
      return whenAll(trigger.of.map(compileTrigger), trigger);
  }
}

function onWallClock(
  rule: WallRule,
  policy: ClockChangePolicy & { readonly timeZone: string },
): CompiledTrigger {
  const clock = { gap: policy.gap, fold: policy.fold, zone: timeZoneOf(policy.timeZone) };
  return { next: (from) => nextInstant(rule, clock, from) };
}

function everySoOften({ anchorAt, everySeconds }: IntervalTrigger): CompiledTrigger {
  return {
    next(from) {
      const count = Math.max(Math.ceil((from - anchorAt) / everySeconds), 0);
      return anchorAt + count * everySeconds;
    },
  };
}

function atInstant(instant: EpochSeconds): CompiledTrigger {
  return { next: (from) => (from <= instant ? instant : undefined) };
}
