import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calendarDates, type Span } from '#cli/calendar/calendar-dates.ts';
import { CALENDARS_FOLDER } from '#cli/calendar/read-calendars.ts';
import { type ReadCalendar, readICalendar } from '#cli/calendar/read-i-calendar.ts';
import type { Command } from '#cli/command.ts';
import { CommandError } from '#cli/command-error.ts';
import { parseOptions } from '#cli/parse-options.ts';
import type { Terminal } from '#cli/terminal.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { ID_PATTERN } from '#shared/domain/job/job-key.ts';
import { type DayNumber, readDate } from '#shared/domain/triggers/civil-date.ts';

/** Events that repeat are written out to the end of the year that is so many years away. */
const YEARS_AHEAD = 5;

const LARGEST_FILE_BYTES = 5_242_880;

const HELP = `Usage: almanac calendar import <file.ics> [options]

Reads the all-day events of an iCalendar file and writes their dates as a JSON list, for a trigger's
"exclude": [{"calendar": "<name>"}]. Events with a time of day are left out, and so are cancelled ones.

Options:
  --name <name>      write infra/calendars/<name>.json, which the stack deploys; else write to standard output
  --calendars <dir>  another folder for --name
  --from <date>      the first day of events that repeat; else 1 January of this year
  --until <date>     their last day; else 31 December, ${YEARS_AHEAD} years from now
`.trimEnd();

const OPTIONS = {
  name: { type: 'string' },
  calendars: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
} as const;

/** `almanac calendar import`: dates out of an iCalendar file. */
export const calendarCommand: Command = {
  name: 'calendar',
  summary: 'Imports the dates of an iCalendar file',
  help: HELP,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const [action, file, ...others] = positionals;
    if (action !== 'import' || file === undefined || others.length > 0)
      throw usage('Expected `import` and one file');
    const { name, calendars = CALENDARS_FOLDER } = values;
    if (name !== undefined && !ID_PATTERN.test(name))
      throw usage(`Expected --name to be letters, digits, ".", "_" and "-", got \`${name}\``);
    const span = readSpan(values, terminal.now());
    const { events, timedEvents } = readFile(file);
    const dates = calendarDates(events, span);
    if (dates.length === 0)
      throw failure(
        `Expected all-day events in ${file}, got none among ${timedEvents + events.length} events.`,
      );
    if (timedEvents > 0)
      terminal.warn(
        `Left out ${timedEvents} of ${timedEvents + events.length} events, which have a time of day.`,
      );
    const text = `[${dates.map((date) => JSON.stringify(date)).join(',\n ')}]\n`;
    return name === undefined
      ? terminal.write(text)
      : writeCalendar(join(calendars, `${name}.json`), text, terminal);
  },
};

function readSpan(
  { from, until }: { readonly from?: string | undefined; readonly until?: string | undefined },
  now: EpochSeconds,
): Span {
  const year = Number(toIso(now).slice(0, 4));
  const span = {
    from: readDay('--from', from ?? `${year}-01-01`),
    until: readDay('--until', until ?? `${year + YEARS_AHEAD}-12-31`),
  };
  if (span.until >= span.from) return span;
  throw usage('Expected --until to be no earlier than --from');
}

function readDay(option: string, text: string): DayNumber {
  const day = readDate(text);
  if (day !== undefined) return day;
  throw usage(`Expected ${option} to be a date such as 2026-12-31, got \`${text.slice(0, 64)}\``);
}

function readFile(file: string): ReadCalendar {
  const calendar = readICalendar(readText(file));
  if (calendar) return calendar;
  throw failure(`Expected ${file} to be an iCalendar file, which begins with BEGIN:VCALENDAR.`);
}

function readText(file: string): string {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw failure(`Expected a file ${file}, got none.`);
  if (size > LARGEST_FILE_BYTES)
    throw failure(`Expected ${file} to be at most ${LARGEST_FILE_BYTES} bytes, got ${size}.`);
  // A byte order mark is no part of the text.
  return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
}

function writeCalendar(file: string, text: string, terminal: Terminal): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  terminal.warn(`Wrote ${file}. Deploy the stack for schedules to name it.`);
}

function usage(sentence: string): CommandError {
  return new CommandError(`${sentence}. See almanac calendar --help.`, { exitCode: 2 });
}

function failure(sentence: string): CommandError {
  return new CommandError(sentence, { exitCode: 1 });
}
