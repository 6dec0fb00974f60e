import { calendarIntervalRule } from './calendar-interval-rule.ts';
import { cronRule } from './cron-rule.ts';
import type { WallRule } from './next-instant.ts';
import { wallDatesRule } from './rrule-dates.ts';
import { singleTime } from './single-time.ts';
import type {
  CalendarIntervalTrigger,
  CronTrigger,
  OnceTrigger,
  RruleTrigger,
  TimedTrigger,
} from './trigger.ts';

/** The triggers that speak of times on a wall clock, and so meet gaps and folds. */
export type WallClockTrigger = CronTrigger | CalendarIntervalTrigger | RruleTrigger | OnceTrigger;

export function isOnWallClock(trigger: TimedTrigger): trigger is WallClockTrigger {
  return trigger.kind !== 'interval' && trigger.kind !== 'any' && trigger.kind !== 'all';
}

/** Makes the rule of a trigger's wall-clock times; of those that it gives as instants it knows nothing. */
export function wallRuleOf(trigger: WallClockTrigger): WallRule {
  switch (trigger.kind) {
    case 'cron':
      return cronRule(trigger.fields);
    case 'calendarInterval':
      return calendarIntervalRule(trigger);
    case 'rrule':
      return wallDatesRule(trigger);
    case 'once':
      return 'wall' in trigger.at ? singleTime(trigger.at.wall) : { next: () => undefined };
  }
}
