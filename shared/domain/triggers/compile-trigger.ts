import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { whenAll, whenAny } from './combined-rule.ts';
import type { CompiledTrigger } from './compiled-trigger.ts';
import { nextInstant } from './next-instant.ts';
import { withInstants } from './rrule-dates.ts';
import { timeZoneOf } from './time-zone.ts';
import type { IntervalTrigger, RecurringTrigger, Trigger } from './trigger.ts';
import { type WallClockTrigger, wallRuleOf } from './wall-rule-of.ts';
import { withinRecurrence } from './within-recurrence.ts';

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
  if (trigger.kind === 'after') return { next: () => undefined };
  if (trigger.kind !== 'once') return withinRecurrence(compileRecurring(trigger), trigger);
  return 'wall' in trigger.at ? onWallClock(trigger) : atInstant(trigger.at.instant);
}

function compileRecurring(trigger: RecurringTrigger): CompiledTrigger {
  switch (trigger.kind) {
    case 'cron':
    case 'calendarInterval':
      return onWallClock(trigger);
    case 'rrule':
      return withInstants(onWallClock(trigger), trigger);
    case 'interval':
      return everySoOften(trigger);
    case 'any':
      return whenAny(trigger.of.map(compileTrigger));
    case 'all':
      return whenAll(trigger.of.map(compileTrigger), trigger);
  }
}

function onWallClock(trigger: WallClockTrigger): CompiledTrigger {
  const { gap, fold, timeZone } = trigger;
  const clock = { gap, fold, zone: timeZoneOf(timeZone) };
  const rule = wallRuleOf(trigger);
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
