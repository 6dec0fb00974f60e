import {
  civilDateOf,
  DAY_SECONDS,
  type DayNumber,
  dayNumberOf,
  daysInMonth,
  LAST_YEAR,
} from './civil-date.ts';
import type { WallRule } from './next-instant.ts';
import type { CalendarIntervalTrigger } from './trigger.ts';

type Step = Pick<CalendarIntervalTrigger, 'months' | 'days' | 'startDate'>;

const LAST_DAY = dayNumberOf(LAST_YEAR + 1, 1, 1) - 1;

/**
 * Makes the rule of a calendar interval: the start date, and each further date the months and then the days after the
 * one before. A month that lacks the day is passed over: monthly from 31 January fires on 31 March next.
 */
export function calendarIntervalRule(trigger: CalendarIntervalTrigger): WallRule {
  const { timeOfDay, endDate = LAST_DAY } = trigger;
  const search = trigger.months === 0 ? byDays : trigger.days === 0 ? byMonths : byBoth;
  return {
    next(wall) {
      const from = Math.ceil((wall - timeOfDay) / DAY_SECONDS);
      const day = from <= trigger.startDate ? trigger.startDate : search(trigger, from);
      return day <= Math.min(endDate, LAST_DAY) ? day * DAY_SECONDS + timeOfDay : undefined;
    },
  };
}

function byDays({ startDate, days }: Step, from: DayNumber): DayNumber {
  return startDate + Math.ceil((from - startDate) / days) * days;
}

function byMonths({ startDate, months }: Step, from: DayNumber): DayNumber {
  const start = civilDateOf(startDate);
  const wanted = civilDateOf(from);
  const monthsApart = (wanted.year - start.year) * 12 + wanted.month - start.month;
  let steps = Math.max(Math.floor(monthsApart / months), 0);
  for (;;) {
    const date = dateInMonth(start.year * 12 + start.month - 1 + steps * months, start.day);
    if (date !== undefined && date >= from) return date;
    steps += 1;
  }
}

/** What a step adds depends on where it begins, so that all dates from the start on have to be gone through. */
function byBoth({ startDate, months, days }: Step, from: DayNumber): DayNumber {
  let date = startDate;
  while (date < from) {
    date = byMonths({ startDate: date, months, days }, date + 1) + days;
  }
  return date;
}

/** A date past the last year exists always, so that no search goes on beyond it. */
function dateInMonth(monthsFromYear0: number, day: number): DayNumber | undefined {
  const [year, month] = [Math.floor(monthsFromYear0 / 12), (monthsFromYear0 % 12) + 1];
  if (year > LAST_YEAR) return LAST_DAY + 1;
  return day <= daysInMonth(year, month) ? dayNumberOf(year, month, day) : undefined;
}
