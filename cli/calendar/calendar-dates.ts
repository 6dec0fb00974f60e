import type { AllDayEvent } from '#cli/calendar/read-i-calendar.ts';
import { CommandError } from '#cli/command-error.ts';
import { MOST_CALENDAR_DATES } from '#shared/contracts/calendars.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS, type DayNumber } from '#shared/domain/triggers/civil-date.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';

/** The days for which events that repeat are written out, both included. */
export interface Span {
  readonly from: DayNumber;
  readonly until: DayNumber;
}

/**
 * Lists the dates of all-day events, sorted and each once: those of single events as they are, those that repeat within a span.
 *
 * @throws {CommandError} For a rule that cannot be read, and for more dates than a calendar may hold.
 */
export function calendarDates(events: readonly AllDayEvent[], span: Span): readonly string[] {
  const replaced = replacedDays(events);
  const days = new Set<DayNumber>();
  for (const event of events.filter(({ isCancelled }) => !isCancelled)) {
    const within = event.rule === undefined ? ALWAYS : span;
    for (const start of startsOf(event, replaced.get(event.uid), span))
      addDays(days, {
        from: Math.max(start, within.from),
        until: Math.min(start + event.days - 1, within.until),
      });
  }
  return [...days].sort((one, other) => one - other).map(dateText);
}

const ALWAYS: Span = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

function addDays(days: Set<DayNumber>, { from, until }: Span): void {
  for (let day = from; day <= until; day += 1) {
    days.add(day);
    if (days.size > MOST_CALENDAR_DATES) throw tooMany();
  }
}

/** Finds, by UID, the days of a series for which the file has an event of its own, cancelled or not. */
function replacedDays(events: readonly AllDayEvent[]): ReadonlyMap<string, ReadonlySet<DayNumber>> {
  const byUid = new Map<string, Set<DayNumber>>();
  for (const { uid, replaces } of events)
    if (replaces !== undefined) byUid.set(uid, (byUid.get(uid) ?? new Set()).add(replaces));
  return byUid;
}

function startsOf(
  event: AllDayEvent,
  replaced: ReadonlySet<DayNumber> | undefined,
  span: Span,
): readonly DayNumber[] {
  const { start, rule, extra, except, replaces } = event;
  // The first event of a series is part of it whatever the rule says: https://www.rfc-editor.org/rfc/rfc5545#section-3.8.5.3
  const starts = [start, ...extra, ...(rule === undefined ? [] : repeated(event, rule, span))];
  if (replaces !== undefined) return starts;
  return starts.filter((day) => !except.includes(day) && !replaced?.has(day));
}

function repeated(
  { start, days, summary }: AllDayEvent,
  rule: string,
  span: Span,
): readonly DayNumber[] {
  const parsed = parseTrigger({ kind: 'rrule', rule, startAt: `${dateText(start)}T00:00:00Z` });
  if (!parsed.ok) {
    const why = parsed.faults.map(({ detail }) => detail).join('. ');
    throw new CommandError(`Expected the rule of “${summary}” to be one of RFC 5545. ${why}.`, {
      exitCode: 1,
    });
  }
  const found: DayNumber[] = [];
  const from = (span.from - days + 1) * DAY_SECONDS;
  for (const at of fireTimes(parsed.trigger, from, span.until * DAY_SECONDS)) {
    found.push(Math.floor(at / DAY_SECONDS));
    if (found.length > MOST_CALENDAR_DATES) throw tooMany();
  }
  return found;
}

function dateText(day: DayNumber): string {
  return toIso(day * DAY_SECONDS).slice(0, 'YYYY-MM-DD'.length);
}

function tooMany(): CommandError {
  return new CommandError(
    `Expected at most ${MOST_CALENDAR_DATES} dates, got more. Give a shorter span with --from and --until.`,
    { exitCode: 1 },
  );
}
