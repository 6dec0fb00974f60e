import { toIso } from '#shared/domain/epoch-seconds.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import { DAY_SECONDS, wallText } from './civil-date.ts';
import { describeCron, weekdayNames } from './describe-cron.ts';
import { counted, duration, inWords } from './english.ts';
import type {
  AfterTrigger,
  CalendarIntervalTrigger,
  ClockChangePolicy,
  Exclusion,
  OnceTrigger,
  Recurrence,
  RecurringTrigger,
  RruleTrigger,
  Trigger,
} from './trigger.ts';

/** Says in one English sentence, without a full stop, when a trigger fires: `At 09:00 on Monday to Friday, Europe/Berlin time`. */
export function describeTrigger(trigger: Trigger): string {
  if (trigger.kind === 'once') return describeOnce(trigger);
  if (trigger.kind === 'after') return describeAfter(trigger);
  return [describeRecurring(trigger), ...describeBounds(trigger)].join(', ');
}

function describeRecurring(trigger: RecurringTrigger): string {
  switch (trigger.kind) {
    case 'cron':
      return onClock(describeCron(trigger.fields), trigger);
    case 'interval':
      return `Every ${duration(trigger.everySeconds)}, counted from ${toIso(trigger.anchorAt)}`;
    case 'calendarInterval':
      return onClock(describeCalendarInterval(trigger), trigger);
    case 'rrule':
      return onClock(describeRrule(trigger), trigger);
    case 'any':
      return `Whenever one of these does: ${members(trigger.of)}`;
    case 'all':
      return `Whenever all of these do within ${counted(trigger.thresholdSeconds, 'second')}: ${members(trigger.of)}`;
  }
}

function describeOnce(trigger: OnceTrigger): string {
  return 'instant' in trigger.at
    ? `Once, at ${toIso(trigger.at.instant)}`
    : onClock(`Once, at ${readable(wallText(trigger.at.wall))}`, trigger);
}

function describeAfter({ schedule, outcomes }: AfterTrigger): string {
  const ends =
    outcomes.length === OUTCOMES.length
      ? 'ends, however it ends'
      : `ends in ${inWords(outcomes, 'or')}`;
  return `Whenever a job of ${schedule} ${ends}`;
}

function describeCalendarInterval(trigger: CalendarIntervalTrigger): string {
  const lengths = [
    [Math.floor(trigger.months / 12), 'year'],
    [trigger.months % 12, 'month'],
    [Math.floor(trigger.days / 7), 'week'],
    [trigger.days % 7, 'day'],
  ] as const;
  const parts = lengths.filter(([value]) => value > 0).map(([value, unit]) => counted(value, unit));
  const time = readable(wallText(trigger.startDate * DAY_SECONDS + trigger.timeOfDay));
  const end = trigger.endDate === undefined ? '' : ` to ${dateText(trigger.endDate)}`;
  return `Every ${inWords(parts)} from ${time}${end}`;
}

function describeRrule({ source, rule, extra, except }: RruleTrigger): string {
  const dates = [
    ...(extra.length > 0 ? [`and at ${counted(extra.length, 'further time')}`] : []),
    ...(except.length > 0 ? [`but not at ${counted(except.length, 'time')}`] : []),
  ];
  return [`By the rule ${source} from ${readable(wallText(rule.start))}`, ...dates].join(' ');
}

function members(triggers: readonly Trigger[]): string {
  return triggers.map((member, index) => `(${index + 1}) ${describeTrigger(member)}`).join('; ');
}

function onClock(
  text: string,
  { timeZone, gap, fold }: ClockChangePolicy & { readonly timeZone: string },
): string {
  const parts = [text, timeZone === 'UTC' ? 'UTC' : `${timeZone} time`];
  if (gap === 'shift') parts.push('later where a clock change leaves the time out');
  if (fold === 'both') parts.push('twice where a clock change repeats the time');
  return parts.join(', ');
}

function describeBounds(trigger: RecurringTrigger): readonly string[] {
  const { startAt, endAt, exclude }: Recurrence = trigger;
  const isTold = trigger.kind === 'interval' || trigger.kind === 'rrule';
  return [
    ...(startAt === undefined || isTold ? [] : [`from ${toIso(startAt)}`]),
    ...(endAt === undefined ? [] : [`until ${toIso(endAt)}`]),
    ...(exclude ? [describeExclusion(exclude)] : []),
  ];
}

function describeExclusion({ days, weekdays }: Exclusion): string {
  const count = days.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const [only] = days;
  const dates = count === 1 && only ? dateText(only[0]) : `${count} excluded days`;
  const parts = [
    ...(weekdays.length > 0 ? [weekdayNames(weekdays)] : []),
    ...(count > 0 ? [dates] : []),
  ];
  return `except on ${inWords(parts)}`;
}

function dateText(day: number): string {
  return wallText(day * DAY_SECONDS).slice(0, 'YYYY-MM-DD'.length);
}

function readable(wall: string): string {
  return wall.replace('T', ' ').replace(/:00$/, '');
}
