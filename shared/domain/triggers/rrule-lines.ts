import { fromIso } from '#shared/domain/epoch-seconds.ts';
import type { Report } from './cron-field.ts';
import type { GivenTime } from './trigger.ts';

/** What an rrule trigger's text holds. */
export interface RruleLines {
  /** The RRULE without its name: `FREQ=DAILY;COUNT=3`. */
  readonly rule: string;
  /** RDATE. */
  readonly extra: readonly GivenTime[];
  /** EXDATE. */
  readonly except: readonly GivenTime[];
}

const MOST_DATES = 500;
const LONGEST_SHOWN = 64;
const LINE = /^(?:(RRULE|EXDATE|RDATE)((?:;[A-Z]{1,10}=[A-Za-z0-9_/+-]{1,64}){0,4}):)?([^:]*)$/i;
const DATE_TIME = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/i;

/**
 * Takes an rrule text apart into its lines.
 *
 * Dates without `Z` are times in the trigger's zone, which a TZID may name but not change. A line without a name is the RRULE.
 *
 * @returns `undefined` after a report.
 */
export function readRruleLines(
  text: string,
  timeZone: string,
  report: Report,
): RruleLines | undefined {
  const rules: string[] = [];
  const dates = { RDATE: [] as GivenTime[], EXDATE: [] as GivenTime[] };
  for (const line of text.split(/\r?\n/).filter((each) => each.trim() !== '')) {
    const { kind, value } = readLine(line.trim(), timeZone);
    if (kind === 'RRULE') rules.push(value);
    else if (kind && !addDates(dates[kind], value, report)) return undefined;
    if (kind) continue;
    const got = line.slice(0, LONGEST_SHOWN);
    report(`Expected RRULE, EXDATE and RDATE lines with times in ${timeZone}, got \`${got}\``);
    return undefined;
  }
  const [rule, ...others] = rules;
  if (rule !== undefined && others.length === 0)
    return { rule, extra: dates.RDATE, except: dates.EXDATE };
  report(`Expected exactly one RRULE line, got ${rules.length}`);
  return undefined;
}

function readLine(
  line: string,
  timeZone: string,
): { readonly kind?: 'RRULE' | 'RDATE' | 'EXDATE'; readonly value: string } {
  const [, name = 'RRULE', parameters = '', value = ''] = LINE.exec(line) ?? [];
  if (value === '') return { value };
  if (name.toUpperCase() === 'RRULE')
    return parameters === '' ? { kind: 'RRULE', value } : { value };
  if (!knowsParameters(parameters, timeZone)) return { value };
  return { kind: name.toUpperCase() === 'RDATE' ? 'RDATE' : 'EXDATE', value };
}

/** Reads a DATE-TIME or DATE of RFC 5545; a date alone is its midnight, `isWholeDay`. */
export function readRruleTime(
  text: string,
): (GivenTime & { readonly isWholeDay?: true }) | undefined {
  const [, year, month, day, hour, minute, second, utc] = DATE_TIME.exec(text) ?? [];
  const date = `${year}-${month}-${day}`;
  const at = fromIso(`${date}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}Z`);
  if (at === undefined) return undefined;
  if (hour === undefined) return { wall: at, isWholeDay: true };
  return utc ? { instant: at } : { wall: at };
}

function knowsParameters(parameters: string, timeZone: string): boolean {
  return parameters
    .split(';')
    .filter((parameter) => parameter !== '')
    .every((parameter) => {
      const [name = '', value] = parameter.split('=');
      if (name.toUpperCase() === 'TZID') return value === timeZone;
      return name.toUpperCase() === 'VALUE' && value?.toUpperCase() === 'DATE-TIME';
    });
}

function addDates(dates: GivenTime[], value: string, report: Report): boolean {
  for (const text of value.split(',')) {
    const time = readRruleTime(text.trim());
    if (!time || time.isWholeDay || dates.length >= MOST_DATES) {
      report(
        `Expected at most ${MOST_DATES} dates such as 20261123T090000 in an EXDATE or RDATE line, got \`${text.slice(0, LONGEST_SHOWN)}\``,
      );
      return false;
    }
    dates.push(time);
  }
  return true;
}
