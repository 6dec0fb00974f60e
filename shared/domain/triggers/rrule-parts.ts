import type { Report } from './cron-field.ts';
import { readRruleTime } from './rrule-lines.ts';
import { MOST_COUNTED } from './rrule-rule.ts';
import type { Frequency, GivenTime, RecurrenceRule, RuleWeekday } from './trigger.ts';

/** A rule as it is written; its start comes from elsewhere. */
export type RecurrenceParts = Omit<RecurrenceRule, 'start' | 'until'> & {
  readonly until?: GivenTime;
};

const FREQUENCIES: readonly Frequency[] = [
  'YEARLY',
  'MONTHLY',
  'WEEKLY',
  'DAILY',
  'HOURLY',
  'MINUTELY',
  'SECONDLY',
];
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const BY_DAY = /^([+-]?(?:[1-9]|[1-4]\d|5[0-3]))?(SU|MO|TU|WE|TH|FR|SA)$/;
const NUMBER = /^[+-]?\d{1,6}$/;
const LONGEST_INTERVAL = 100_000;

/** The lists of numbers; with `isSigned` also from the end backwards, but never 0. */
const LISTS = {
  BYSECOND: { first: 0, last: 59 },
  BYMINUTE: { first: 0, last: 59 },
  BYHOUR: { first: 0, last: 23 },
  BYMONTHDAY: { first: 1, last: 31, isSigned: true },
  BYYEARDAY: { first: 1, last: 366, isSigned: true },
  BYWEEKNO: { first: 1, last: 53, isSigned: true },
  BYMONTH: { first: 1, last: 12 },
  BYSETPOS: { first: 1, last: 366, isSigned: true },
} as const satisfies Record<string, { first: number; last: number; isSigned?: true }>;

const PARTS = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYDAY', ...Object.keys(LISTS)];

/**
 * Reads the parts of an RRULE, and checks them against each other as RFC 5545 asks.
 *
 * UNTIL may be a date, whose whole day then counts, or a time without `Z` in the trigger's zone.
 *
 * @returns `undefined` after at least one report.
 * @see https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10
 */
export function readRecurrenceRule(text: string, report: Report): RecurrenceParts | undefined {
  let hasFaults = false;
  const fault: Report = (detail) => {
    hasFaults = true;
    report(detail);
  };
  const parts = splitParts(text, fault);
  const list = (name: keyof typeof LISTS) => readList(name, parts.get(name), fault);
  const rule = {
    freq: readFrequency(parts.get('FREQ'), fault),
    interval: readCount('INTERVAL', parts.get('INTERVAL') ?? '1', fault),
    ...(parts.has('COUNT') ? { count: readCount('COUNT', parts.get('COUNT') ?? '', fault) } : {}),
    ...readUntil(parts.get('UNTIL'), fault),
    weekStart: readWeekStart(parts.get('WKST'), fault),
    byDay: readByDay(parts.get('BYDAY'), fault),
    bySecond: list('BYSECOND'),
    byMinute: list('BYMINUTE'),
    byHour: list('BYHOUR'),
    byMonthDay: list('BYMONTHDAY'),
    byYearDay: list('BYYEARDAY'),
    byWeekNo: list('BYWEEKNO'),
    byMonth: list('BYMONTH'),
    bySetPos: list('BYSETPOS'),
  };
  for (const [isBroken, sentence] of rulesBroken(rule, parts)) if (isBroken) fault(sentence);
  return hasFaults ? undefined : rule;
}

function splitParts(text: string, fault: Report): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of text.toUpperCase().split(';')) {
    const [name = '', value, ...rest] = part.split('=').map((each) => each.trim());
    if (!PARTS.includes(name) || !value || rest.length > 0 || parts.has(name))
      fault(`Expected each part once and one of ${PARTS.join(', ')}, got \`${part.slice(0, 64)}\``);
    else parts.set(name, value);
  }
  return parts;
}

function readFrequency(text: string | undefined, fault: Report): Frequency {
  const freq = FREQUENCIES.find((known) => known === text);
  if (!freq) fault(`Expected FREQ to be one of ${FREQUENCIES.join(', ')}, got \`${text ?? ''}\``);
  return freq ?? 'YEARLY';
}

function readCount(name: 'INTERVAL' | 'COUNT', text: string, fault: Report): number {
  const last = name === 'COUNT' ? MOST_COUNTED : LONGEST_INTERVAL;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > last) fault(`Expected ${name} to be 1 to ${last}, got \`${text}\``);
  return Math.max(value, 1);
}

function readUntil(text: string | undefined, fault: Report): { readonly until?: GivenTime } {
  if (text === undefined) return {};
  const time = readRruleTime(text);
  if (!time) {
    fault(`Expected UNTIL to be a time such as 20261231T230000Z, got \`${text}\``);
    return {};
  }
  return { until: time.isWholeDay && 'wall' in time ? { wall: time.wall + 86_399 } : time };
}

function readWeekStart(text: string | undefined, fault: Report): number {
  const weekday = WEEKDAYS.indexOf(text ?? 'MO');
  if (weekday === -1) fault(`Expected WKST to be one of ${WEEKDAYS.join(', ')}, got \`${text}\``);
  return weekday;
}

function readByDay(text: string | undefined, fault: Report): readonly RuleWeekday[] {
  return (text?.split(',') ?? []).flatMap((item) => {
    const [, nth = '0', name] = BY_DAY.exec(item) ?? [];
    const isKnown =
      name !== undefined && Math.abs(Number(nth)) <= 53 && !/^[+-]?0+$/.test(item.slice(0, -2));
    if (isKnown) return [{ weekday: WEEKDAYS.indexOf(name), nth: Number(nth) }];
    fault(`Expected BYDAY to be weekdays such as MO, 2TU or -1FR, got \`${item}\``);
    return [];
  });
}

function readList(
  name: keyof typeof LISTS,
  text: string | undefined,
  fault: Report,
): readonly number[] {
  const shape: { first: number; last: number; isSigned?: true } = LISTS[name];
  const { first, last, isSigned } = shape;
  const values = (text?.split(',') ?? []).map((item) => {
    const value = NUMBER.test(item) ? Number(item) : Number.NaN;
    const size = isSigned ? Math.abs(value) : value;
    const rule = isSigned ? `${first} to ${last} or -${last} to -${first}` : `${first} to ${last}`;
    if (!(size >= first && size <= last)) fault(`Expected ${name} to be ${rule}, got \`${item}\``);
    return value;
  });
  return [...new Set(values)].sort((one, other) => one - other);
}

/** Which parts do not go together. */
function rulesBroken(
  rule: RecurrenceParts,
  parts: ReadonlyMap<string, string>,
): readonly (readonly [isBroken: boolean, sentence: string])[] {
  const { freq } = rule;
  const hasNth = rule.byDay.some(({ nth }) => nth !== 0);
  const isLong = freq === 'YEARLY' || freq === 'MONTHLY';
  const hasOtherBy = [...parts.keys()].some((name) => name.startsWith('BY') && name !== 'BYSETPOS');
  return [
    [parts.has('COUNT') && parts.has('UNTIL'), 'Expected COUNT or UNTIL, got both'],
    [
      rule.byWeekNo.length > 0 && freq !== 'YEARLY',
      `Expected BYWEEKNO with FREQ=YEARLY alone, got ${freq}`,
    ],
    [
      rule.byYearDay.length > 0 && ['MONTHLY', 'WEEKLY', 'DAILY'].includes(freq),
      `Expected BYYEARDAY with a FREQ other than MONTHLY, WEEKLY and DAILY, got ${freq}`,
    ],
    [
      rule.byMonthDay.length > 0 && freq === 'WEEKLY',
      'Expected BYMONTHDAY with a FREQ other than WEEKLY',
    ],
    [
      hasNth && !isLong,
      `Expected numbered weekdays in BYDAY with FREQ=MONTHLY or YEARLY, got ${freq}`,
    ],
    [hasNth && rule.byWeekNo.length > 0, 'Expected plain weekdays in BYDAY beside BYWEEKNO'],
    [rule.bySetPos.length > 0 && !hasOtherBy, 'Expected BYSETPOS beside another BY part'],
  ];
}
