import { type DayNumber, readDate } from '#shared/domain/triggers/civil-date.ts';

/** An all-day event of an iCalendar file; days are by its own calendar, whatever the zone. */
export interface AllDayEvent {
  readonly uid: string;
  readonly summary: string;
  readonly start: DayNumber;
  /** How many days it lasts, from 1. */
  readonly days: number;
  /** The RRULE's text. */
  readonly rule?: string;
  /** RDATE and EXDATE: further days on which it begins, and those on which it does not. */
  readonly extra: readonly DayNumber[];
  readonly except: readonly DayNumber[];
  /** RECURRENCE-ID: the day of the series' event that this one stands for. */
  readonly replaces?: DayNumber;
  readonly isCancelled: boolean;
}

/** What an iCalendar file holds, as far as days go. */
export interface ReadCalendar {
  readonly events: readonly AllDayEvent[];
  /** How many events have a time of day, and so are not days. */
  readonly timedEvents: number;
}

interface Property {
  readonly name: string;
  readonly value: string;
}

/** A name, parameters whose values may be in quotes, and the value. */
const CONTENT_LINE = /^([A-Za-z0-9-]+)(?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^;:"])*)*:(.*)$/;
const DATE = /^(\d{4})(\d{2})(\d{2})$/;
const DURATION = /^\+?P(?:(\d{1,3})W|(\d{1,4})D)$/;

/**
 * Reads the all-day events of an iCalendar file.
 *
 * @returns `undefined` for a text that is no iCalendar file.
 * @see https://www.rfc-editor.org/rfc/rfc5545#section-3.1 for folded lines
 */
export function readICalendar(text: string): ReadCalendar | undefined {
  const lines = text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
  if (lines[0]?.trim().toUpperCase() !== 'BEGIN:VCALENDAR') return undefined;
  const all = eventsIn(lines);
  const events = all.flatMap((properties) => readEvent(properties) ?? []);
  return { events, timedEvents: all.length - events.length };
}

/** Takes the properties of each VEVENT; those of what lies within one, as an alarm, are not its own. */
function eventsIn(lines: readonly string[]): readonly (readonly Property[])[] {
  const events: Property[][] = [];
  const around: string[] = [];
  for (const line of lines) {
    const [, name = '', value = ''] = CONTENT_LINE.exec(line) ?? [];
    const property = { name: name.toUpperCase(), value: value.trim() };
    if (property.name === 'BEGIN') {
      around.push(property.value.toUpperCase());
      if (around.at(-1) === 'VEVENT') events.push([]);
    } else if (property.name === 'END') around.pop();
    else if (around.at(-1) === 'VEVENT') events.at(-1)?.push(property);
  }
  return events;
}

function readEvent(properties: readonly Property[]): AllDayEvent | undefined {
  const textOf = (name: string) => properties.find((each) => each.name === name)?.value;
  const daysOf = (name: string) =>
    properties
      .filter((each) => each.name === name)
      .flatMap(({ value }) => value.split(',').flatMap((text) => readDay(text) ?? []));
  const start = readDay(textOf('DTSTART'));
  if (start === undefined) return undefined;
  const [rule, replaces] = [textOf('RRULE'), readDay(textOf('RECURRENCE-ID'))];
  return {
    uid: textOf('UID') ?? '',
    summary: textOf('SUMMARY') ?? '',
    start,
    days: lengthOf(start, textOf('DTEND'), textOf('DURATION')),
    ...(rule !== undefined && { rule }),
    extra: daysOf('RDATE'),
    except: daysOf('EXDATE'),
    ...(replaces !== undefined && { replaces }),
    isCancelled: textOf('STATUS')?.toUpperCase() === 'CANCELLED',
  };
}

/** DTEND is the first day that is not part of the event any more; some programs write the first day instead. */
function lengthOf(
  start: DayNumber,
  endText: string | undefined,
  durationText: string | undefined,
): number {
  const end = readDay(endText);
  if (end !== undefined) return Math.max(end - start, 1);
  const [, weeks, days] = DURATION.exec(durationText?.toUpperCase() ?? '') ?? [];
  return Math.max(Number(weeks ?? 0) * 7 + Number(days ?? 0), 1);
}

function readDay(text: string | undefined): DayNumber | undefined {
  const [, year, month, day] = DATE.exec(text?.trim() ?? '') ?? [];
  return readDate(`${year}-${month}-${day}`);
}
