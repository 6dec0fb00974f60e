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
const YEAR: FieldGrammar = { min: 0, max: 9999 };

/**
 * Understands the fields of `cron(…)`, exactly as far as AWS documents or was seen to take them.
 *
 * @param body - What stands between the parentheses.
 * @returns `undefined` for what EventBridge Scheduler refuses.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 * @see https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/scheduler for the expressions that were measured
 */
export function parseCron(body: string, choices: GrammarChoices): CronFields | undefined {
  if (body !== body.trim()) return undefined;
  const texts = body.split(/\s+/);
  if (texts.length !== 6 && !(texts.length === 5 && choices.fiveFieldCron === 'accept'))
    return undefined;
  const [minuteText, hourText, dayText = '', monthText, weekdayText = '', yearText = '*'] = texts;
  if (!areDaysConsistent(dayText, weekdayText, choices)) return undefined;
  const read = (text: string | undefined, grammar: FieldGrammar) =>
    text === '?' ? undefined : parseField(text ?? '', grammar, choices);
  const minute = read(minuteText, MINUTE);
  const hour = read(hourText, HOUR);
  const dayOfMonth = dayText === '?' ? ALL : read(dayText, DAY_OF_MONTH);
  const month = read(monthText, MONTH);
  const dayOfWeek = weekdayText === '?' ? ALL : read(weekdayText, DAY_OF_WEEK);
  const year = read(yearText, YEAR);
  if (!minute || !hour || !dayOfMonth || !month || !dayOfWeek || !year) return undefined;
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

function parseField(
  text: string,
  grammar: FieldGrammar,
  choices: GrammarChoices,
): CronField | undefined {
  if (text === '*') return ALL;
  const items = text.split(',');
  const values = new Set<number>();
  const special: string[] = [];
  for (const item of items) {
    const named = choices.nameCase === 'any' ? item.toUpperCase() : item;
    const odd = grammar.special?.(named, choices);
    const plain = odd === undefined ? valuesOf(named, grammar, choices) : [];
    if (plain === undefined) return undefined;
    for (const value of plain) values.add(value);
    if (odd !== undefined) special.push(odd);
  }
  if (items.length > 1 && special.some((item) => item.includes('#'))) return undefined;
  return { values: [...values].sort((one, other) => one - other), special };
}

/** Reads `a`, `a-b`, `a/n`, `a-b/n`, and a star with a step. */
function valuesOf(
  item: string,
  grammar: FieldGrammar,
  choices: GrammarChoices,
): readonly number[] | undefined {
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
  if (!match) return undefined;
  const [, star, fromText, toText, stepText] = match;
  if (star !== undefined && stepText === undefined) return undefined;
  const from = star === undefined ? numberOf(fromText, grammar) : grammar.min;
  const isOpen = star !== undefined || (toText === undefined && stepText !== undefined);
  const to = toText === undefined ? (isOpen ? grammar.max : from) : numberOf(toText, grammar);
  const step = stepText === undefined ? 1 : Number(stepText);
  if (from === undefined || to === undefined || step < 1 || step > grammar.max) return undefined;
  if (from > to && choices.reversedRanges === 'reject') return undefined;
  return stepThrough({ from, to, step }, grammar);
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

function numberOf(text: string | undefined, grammar: FieldGrammar): number | undefined {
  if (text === undefined) return undefined;
  const named = grammar.names?.indexOf(text) ?? -1;
  if (named >= 0) return named + 1;
  if (!(grammar === YEAR ? /^\d{4}$/ : /^\d{1,2}$/).test(text)) return undefined;
  const value = Number(text);
  return value >= grammar.min && value <= grammar.max ? value : undefined;
}

function specialDayOfMonth(item: string, choices: GrammarChoices): string | undefined {
  if (item === 'L') return item;
  if (item === 'LW') return choices.lastWeekday === 'accept' ? item : undefined;
  const day = numberOf(/^(\d{1,2})W$/.exec(item)?.[1], DAY_OF_MONTH);
  return day === undefined ? undefined : `${day}W`;
}

function specialDayOfWeek(item: string): string | undefined {
  if (item === 'L') return '7';
  const [, dayText, kind, nth] = /^(\w+?)(L|#([1-5]))$/.exec(item) ?? [];
  const day = numberOf(dayText, DAY_OF_WEEK);
  if (day === undefined || kind === undefined) return undefined;
  return nth === undefined ? `${day}L` : `${day}#${nth}`;
}
