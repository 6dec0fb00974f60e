import type { FaultCode } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { DayNumber, WallSeconds } from './civil-date.ts';

/**
 * When to fire: a plain, immutable value, which JSON can hold.
 *
 * `parseTrigger` makes it from what a user wrote; names are resolved, defaults filled in, instants are epoch seconds.
 */
export type Trigger = TimedTrigger | AfterTrigger;

/** A trigger with fire times of its own. */
export type TimedTrigger = OnceTrigger | RecurringTrigger;

export type RecurringTrigger =
  | CronTrigger
  | IntervalTrigger
  | CalendarIntervalTrigger
  | RruleTrigger
  | AnyTrigger
  | AllTrigger;

export type TriggerKind = Trigger['kind'];

/** One fault of a trigger's JSON. */
export interface TriggerFault {
  /** A JSON pointer relative to the trigger, as `/expression`; empty for the whole. */
  readonly pointer: string;
  readonly code: TriggerFaultCode;
  /** One sentence: *Expected ‹thing› to be ‹rule›, got ‹value›*. */
  readonly detail: string;
}

export type TriggerFaultCode = Extract<FaultCode, `trigger.${string}` | 'field.unknown'>;

/** What every recurring kind takes. */
export interface Recurrence {
  /** The zone in which times without an offset are read, and days are excluded. */
  readonly timeZone: string;
  /** The first instant that may fire, inclusive. */
  readonly startAt?: EpochSeconds;
  /** The last instant that may fire, inclusive. */
  readonly endAt?: EpochSeconds;
  readonly exclude?: Exclusion;
}

/** Days on which nothing fires, by the date on the wall clock. */
export interface Exclusion {
  /** Stretches of days, first and last inclusive, sorted and apart. */
  readonly days: readonly (readonly [first: DayNumber, last: DayNumber])[];
  /** 0 for Sunday to 6 for Saturday. */
  readonly weekdays: readonly number[];
}

/** What happens at a clock change; the defaults, `skip` and `first`, are EventBridge's own. */
export interface ClockChangePolicy {
  /** `skip` drops a wall-clock time that does not exist; `shift` fires it as much later as the clock moved. */
  readonly gap: 'skip' | 'shift';
  /** `first` fires a repeated wall-clock time at its first occurrence only; `both` fires it twice. */
  readonly fold: 'first' | 'both';
}

export interface CronTrigger extends Recurrence, ClockChangePolicy {
  readonly kind: 'cron';
  /** What the user wrote, for descriptions and for EventBridge. */
  readonly source: CronSource;
  readonly fields: CronFields;
}

export interface CronSource {
  readonly form: 'crontab' | 'aws' | 'fields';
  /** The expression with single spaces between its fields; empty for `fields`. */
  readonly expression: string;
}

/** Which wall-clock times match, every list sorted and without repeats. */
export interface CronFields {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly YearRange[];
  readonly days: CronDays;
}

/** The years `first`, `first + step`, … up to `last`. */
export interface YearRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** Which days match; a part that is absent puts no limit on them. */
export interface CronDays {
  readonly ofMonth?: DaysOfMonth;
  /** 0 for Sunday to 6 for Saturday. */
  readonly ofWeek?: readonly number[];
  /** ISO 8601 weeks, 1 to 53. */
  readonly weeks?: readonly number[];
  /** Whether a day must match `ofMonth` and `ofWeek`, or, as in crontab(5), either. */
  readonly match: 'both' | 'either';
}

/** Days picked by their place in the month: the union of its parts. */
export interface DaysOfMonth {
  /** 1 to 31. */
  readonly dates: readonly number[];
  readonly last: boolean;
  /** The weekdays, Monday to Friday, nearest to these dates within the month. */
  readonly nearestWeekdayTo: readonly number[];
  /** The month's last day from Monday to Friday. */
  readonly lastWeekday: boolean;
  readonly nth: readonly NthWeekday[];
}

/** As the second Tuesday: `{weekday: 2, nth: 2}`. */
export interface NthWeekday {
  /** 0 for Sunday to 6 for Saturday. */
  readonly weekday: number;
  /** 1 to 5, or -1 for the last. */
  readonly nth: number;
}

/** Fires every so many seconds of elapsed time, whatever the wall clock does, from its anchor on. */
export interface IntervalTrigger extends Recurrence {
  readonly kind: 'interval';
  readonly everySeconds: number;
  /** The first fire time; the others lie whole intervals after it. */
  readonly anchorAt: EpochSeconds;
}

/** Fires at one time of day, a number of years, months, weeks and days apart. */
export interface CalendarIntervalTrigger extends Recurrence, ClockChangePolicy {
  readonly kind: 'calendarInterval';
  /** Years included. */
  readonly months: number;
  /** Weeks included. */
  readonly days: number;
  /** Seconds after midnight on the wall clock. */
  readonly timeOfDay: number;
  readonly startDate: DayNumber;
  readonly endDate?: DayNumber;
}

export interface OnceTrigger extends ClockChangePolicy {
  readonly kind: 'once';
  readonly timeZone: string;
  readonly at: GivenTime;
}

/** A time as the user gave it: an instant if it had an offset, else a time on the zone's wall clock. */
export type GivenTime = { readonly instant: EpochSeconds } | { readonly wall: WallSeconds };

export interface RruleTrigger extends Recurrence, ClockChangePolicy {
  readonly kind: 'rrule';
  readonly startAt: EpochSeconds;
  /** The RRULE's own text, for descriptions. */
  readonly source: string;
  readonly rule: RecurrenceRule;
  /** RDATE: fire times beside those of the rule. */
  readonly extra: readonly GivenTime[];
  /** EXDATE: fire times that are left out. */
  readonly except: readonly GivenTime[];
}

/** The parts of an RRULE; a list that is empty puts no limit. */
export interface RecurrenceRule {
  readonly freq: Frequency;
  readonly interval: number;
  /** Counts what the rule gives from `start`, before clock changes and EXDATE take any away. */
  readonly count?: number;
  /** The last wall-clock time that the rule may give, inclusive. */
  readonly until?: WallSeconds;
  /** The start on the zone's wall clock: what DTSTART would say. It fires only if it matches. */
  readonly start: WallSeconds;
  readonly bySecond: readonly number[];
  readonly byMinute: readonly number[];
  readonly byHour: readonly number[];
  readonly byDay: readonly RuleWeekday[];
  readonly byMonthDay: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byMonth: readonly number[];
  readonly bySetPos: readonly number[];
  /** 0 for Sunday to 6 for Saturday. */
  readonly weekStart: number;
}

export interface RuleWeekday {
  /** 0 for Sunday to 6 for Saturday. */
  readonly weekday: number;
  /** 1 for the first, -1 for the last of the month or year; 0 for every one. */
  readonly nth: number;
}

export type Frequency =
  | 'YEARLY'
  | 'MONTHLY'
  | 'WEEKLY'
  | 'DAILY'
  | 'HOURLY'
  | 'MINUTELY'
  | 'SECONDLY';

/** Fires whenever one of its triggers does; equal instants once. */
export interface AnyTrigger extends Recurrence {
  readonly kind: 'any';
  readonly of: readonly TimedTrigger[];
}

/** Fires at an instant at which one of its triggers does, if each other one does within the threshold after it. */
export interface AllTrigger extends Recurrence {
  readonly kind: 'all';
  readonly of: readonly TimedTrigger[];
  readonly thresholdSeconds: number;
  readonly maxIterations: number;
}

/** Fires when a job of another schedule settles: it has no fire times of its own, and EventBridge knows nothing of it. */
export interface AfterTrigger {
  readonly kind: 'after';
  /** The other schedule, which need not exist. */
  readonly schedule: string;
  /** The ends that count, without repeats, at least one. */
  readonly outcomes: readonly Outcome[];
}
