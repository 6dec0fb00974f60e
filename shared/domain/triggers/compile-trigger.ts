import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { cronRule } from './cron-rule.ts';
import { singleTime } from './once-rule.ts';
import { withinRecurrence } from './recurrence-bounds.ts';
import { timeZoneOf } from './time-zone.ts';
import type { ClockChangePolicy, IntervalTrigger, Trigger } from './trigger.ts';
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
  switch (trigger.kind) {
    case 'cron':
      return withinRecurrence(onWallClock(cronRule(trigger.fields), trigger), trigger);
    case 'interval':
      return withinRecurrence(everySoOften(trigger), trigger);
    case 'once':
      return 'wall' in trigger.at
        ? onWallClock(singleTime(trigger.at.wall), trigger)
        : atInstant(trigger.at.instant);
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
