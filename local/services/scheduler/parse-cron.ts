import type { UndocumentedChoices } from '#local/services/scheduler/undocumented-choices.ts';

/** What {@link UndocumentedChoices} says about the grammar of expressions. */
export type GrammarChoices = Pick<
  UndocumentedChoices,
  'fiveFieldCron' | 'bothDayFields' | 'nameCase' | 'reversedRanges' | 'lastWeekday' | 'atInGap'
>;

/** A field of an AWS cron expression, spelled out. */
export interface CronField {
  /** The plain values that match, ascending; `undefined` for all of them. */
  readonly values: readonly number[] | undefined;
  /** What depends on the month: `L`, `LW`, `15W` of a day of month, `6L`, `3#2` of a day of week (1 = Sunday). */
  readonly special: readonly string[];
}

/** An AWS cron expression whose grammar holds. */
export interface CronFields {
  readonly minute: CronField;
  readonly hour: CronField;
  readonly dayOfMonth: CronField;
  readonly month: CronField;
  readonly dayOfWeek: CronField;
  readonly year: CronField;
}

interface FieldGrammar {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** Understands an item that is no number, range or step; its canonical form, or nothing. */
  readonly special?: (item: string, choices: GrammarChoices) => string | undefined;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const ALL: CronField = { values: undefined, special: [] };

const MINUTE: FieldGrammar = { min: 0, max: 59 };
const HOUR: FieldGrammar = { min: 0, max: 23 };
const DAY_OF_MONTH: FieldGrammar = { min: 1, max: 31, special: specialDayOfMonth };
const MONTH: FieldGrammar = { min: 1, max: 12, names: MONTHS };
const DAY_OF_WEEK: FieldGrammar = { min: 1, max: 7, names: DAYS, special: specialDayOfWeek };
/** Any four digits are a year to the grammar: outside 1970 to 2199 AWS finds that it never fires, not that it is wrong. */
const YEAR: FieldGrammar = { min: 1000, max: 9999 };

/**
 * Understands the fields of `cron(…)`, exactly as far as AWS documents or was seen to take them.
 *
 * @param body - What stands between the parentheses.
 * @returns `undefined` for what EventBridge Scheduler refuses.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 * @see https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/scheduler for the expressions that were measured
 */
export function parseCron(body: string, choices: GrammarChoices): CronFields | undefined {
  const texts = body.split(/\s+/);
  const isComplete = texts.length === 6 || choices.fiveFieldCron === 'accept';
  if (texts.length < 5 || texts.length > 6 || !isComplete) return undefined;
  const [
    minuteText = '',
    hourText = '',
    dayText = '',
    monthText = '',
    weekdayText = '',
    yearText = '*',
  ] = texts;
  if (!areDaysConsistent(dayText, weekdayText, choices)) return undefined;
  const minute = parseField(minuteText, MINUTE, choices);
  const hour = parseField(hourText, HOUR, choices);
  const dayOfMonth = parseDay(dayText, DAY_OF_MONTH, choices);
  const month = parseField(monthText, MONTH, choices);
  const dayOfWeek = parseDay(weekdayText, DAY_OF_WEEK, choices);
  const year = parseField(yearText, YEAR, choices);
  if (!(minute && hour && dayOfMonth && month && dayOfWeek && year)) return undefined;
  return { minute, hour, dayOfMonth, month, dayOfWeek, year };
}

function areDaysConsistent(day: string, weekday: string, choices: GrammarChoices): boolean {
  const questionMarks = [day, weekday].filter((text) => text === '?').length;
  if (questionMarks === 1) return true;
  // A star in both is the one case of two that AWS's guide names as an error.
  return (
    questionMarks === 0 && choices.bothDayFields !== 'reject' && day !== '*' && weekday !== '*'
  );
}

function parseDay(
  text: string,
  grammar: FieldGrammar,
  choices: GrammarChoices,
): CronField | undefined {
  return text === '?' ? ALL : parseField(text, grammar, choices);
}

function parseField(
  text: string,
  grammar: FieldGrammar,
  choices: GrammarChoices,
): CronField | undefined {
  if (text === '*') return ALL;
  const items = (choices.nameCase === 'any' ? text.toUpperCase() : text).split(',');
  const parsed = items.map((item) => parseItem(item, grammar, choices));
  const known = parsed.filter((item) => item !== undefined);
  const special = known.flatMap((item) => item.special);
  const isHashAmongOthers = items.length > 1 && special.some((item) => item.includes('#'));
  if (known.length < items.length || isHashAmongOthers) return undefined;
  const values = new Set(known.flatMap((item) => item.values ?? []));
  return { values: [...values].sort((one, other) => one - other), special };
}

function parseItem(
  item: string,
  grammar: FieldGrammar,
  choices: GrammarChoices,
): CronField | undefined {
  const special = grammar.special?.(item, choices);
  if (special !== undefined) return { values: [], special: [special] };
  const values = valuesOf(item, grammar, choices);
  return values && { values, special: [] };
}

/** Reads `a`, `a-b`, `a/n`, `a-b/n`, and a star with a step. */
function valuesOf(
  item: string,
  grammar: FieldGrammar,
  choices: GrammarChoices,
): readonly number[] | undefined {
  const [rangeText = '', stepText, ...rest] = item.split('/');
  const range = rangeOf(rangeText, grammar, stepText !== undefined);
  const step = stepText === undefined ? 1 : numberOf(stepText, { min: 1, max: grammar.max });
  if (rest.length > 0 || range === undefined || step === undefined) return undefined;
  if (range.from > range.to && choices.reversedRanges === 'reject') return undefined;
  return stepThrough({ ...range, step }, grammar);
}

/** Reads what a step steps through; without a step, a single number is no more than itself. */
function rangeOf(
  text: string,
  grammar: FieldGrammar,
  hasStep: boolean,
): { readonly from: number; readonly to: number } | undefined {
  if (text === '*') return hasStep ? { from: grammar.min, to: grammar.max } : undefined;
  const [fromText = '', toText, ...rest] = text.split('-');
  const from = numberOf(fromText, grammar);
  const to = toText === undefined ? (hasStep ? grammar.max : from) : numberOf(toText, grammar);
  return from === undefined || to === undefined || rest.length > 0 ? undefined : { from, to };
}

function stepThrough(
  { from, to, step }: { readonly from: number; readonly to: number; readonly step: number },
  { min, max }: FieldGrammar,
): readonly number[] {
  const size = max - min + 1;
  const last = from > to ? to + size : to;
  const values: number[] = [];
  for (let value = from; value <= last; value += step)
    values.push(value > max ? value - size : value);
  return values;
}

function numberOf(text: string, { min, max, names = [] }: FieldGrammar): number | undefined {
  const named = names.indexOf(text);
  if (named >= 0) return named + 1;
  const value = Number(text);
  const isNumber = /^\d+$/.test(text) && text.length <= String(max).length;
  return isNumber && value >= min && value <= max ? value : undefined;
}

function specialDayOfMonth(item: string, choices: GrammarChoices): string | undefined {
  if (item === 'L') return item;
  if (item === 'LW') return choices.lastWeekday === 'accept' ? item : undefined;
  const day = numberOf(/^(\d+)W$/.exec(item)?.[1] ?? '', DAY_OF_MONTH);
  return day === undefined ? undefined : `${day}W`;
}

function specialDayOfWeek(item: string): string | undefined {
  if (item === 'L') return '7';
  const [, dayText = '', kind, nth] = /^(\w+?)(L|#([1-5]))$/.exec(item) ?? [];
  const day = numberOf(dayText, DAY_OF_WEEK);
  if (day === undefined || kind === undefined) return undefined;
  return nth === undefined ? `${day}L` : `${day}#${nth}`;
}
