import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '#test/support/run-command.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'almanac-ics-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('almanac calendar import', () => {
  it('lists the days of all-day events, the end of each not included', async () => {
    const run = await importing(
      event('DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227'),
      event('DTSTART;VALUE=DATE:20260501'),
    );

    expect(run.exitCode).toBe(0);
    expect(datesOf(run)).toEqual(['2026-05-01', '2026-12-24', '2026-12-25', '2026-12-26']);
  });

  it('writes yearly events out from this year to five years on', async () => {
    const fixed = event('DTSTART;VALUE=DATE:20200704', 'RRULE:FREQ=YEARLY');
    const fourthThursday = event(
      'DTSTART;VALUE=DATE:20201126',
      'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH',
    );

    expect(datesOf(await importing(fixed))).toEqual([
      '2026-07-04',
      '2027-07-04',
      '2028-07-04',
      '2029-07-04',
      '2030-07-04',
      '2031-07-04',
    ]);
    expect(datesOf(await importing(fourthThursday)).slice(0, 2)).toEqual([
      '2026-11-26',
      '2027-11-25',
    ]);
  });

  it('writes events that repeat out for the span that is asked for, to the day', async () => {
    const long = event(
      'DTSTART;VALUE=DATE:20201230',
      'DTEND;VALUE=DATE:20210103',
      'RRULE:FREQ=YEARLY',
    );

    const run = await importing(long, '--from', '2026-01-01', '--until', '2026-12-30');

    expect(datesOf(run)).toEqual(['2026-01-01', '2026-01-02', '2026-12-30']);
  });

  it('follows EXDATE, RDATE, UNTIL, COUNT and DURATION', async () => {
    const run = await importing(
      event(
        'DTSTART;VALUE=DATE:20260101',
        'RRULE:FREQ=YEARLY;UNTIL=20290101',
        'EXDATE;VALUE=DATE:20270101,20280101',
        'RDATE;VALUE=DATE:20260401',
      ),
      event('DTSTART;VALUE=DATE:20260601', 'DURATION:P2D', 'RRULE:FREQ=WEEKLY;COUNT=2'),
    );

    expect(datesOf(run)).toEqual([
      '2026-01-01',
      '2026-04-01',
      '2026-06-01',
      '2026-06-02',
      '2026-06-08',
      '2026-06-09',
      '2029-01-01',
    ]);
  });

  it('moves one day of a series where the file has an event in its place, and leaves out cancelled ones', async () => {
    const run = await importing(
      event('UID:1', 'DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=YEARLY;COUNT=3'),
      event('UID:1', 'RECURRENCE-ID;VALUE=DATE:20270101', 'DTSTART;VALUE=DATE:20270104'),
      event(
        'UID:1',
        'RECURRENCE-ID;VALUE=DATE:20280101',
        'DTSTART;VALUE=DATE:20280101',
        'STATUS:CANCELLED',
      ),
    );

    expect(datesOf(run)).toEqual(['2026-01-01', '2027-01-04']);
  });

  it('joins folded lines, reads quoted parameters and lower case, and passes over alarms', async () => {
    const run = await importing(
      event(
        'dtstart;X-NOTE="a;b:c";VALUE=DATE:202605',
        ' 01',
        'BEGIN:VALARM',
        'DTSTART;VALUE=DATE:20200101',
        'END:VALARM',
      ),
    );

    expect(datesOf(run)).toEqual(['2026-05-01']);
  });

  it('says how many events it left out because they have a time of day', async () => {
    const run = await importing(
      event('DTSTART;VALUE=DATE:20260501'),
      event('DTSTART;TZID=Europe/Berlin:20260502T090000'),
    );

    expect(datesOf(run)).toEqual(['2026-05-01']);
    expect(run.warnings).toEqual(['Left out 1 of 2 events, which have a time of day.']);
  });

  it('writes the file that the stack deploys when it is given a name', async () => {
    const calendars = join(folder, 'calendars');

    const run = await importing(
      event('DTSTART;VALUE=DATE:20260501'),
      ...['--name', 'holidays', '--calendars', calendars],
    );

    expect(run.output).toBe('');
    expect(readFileSync(join(calendars, 'holidays.json'), 'utf8')).toBe('["2026-05-01"]\n');
  });

  it.each([
    ['a file that is no calendar', 'hello', /BEGIN:VCALENDAR/],
    ['no all-day event', calendarOf([event('DTSTART:20260502T090000Z')]), /got none among 1/],
    [
      'a rule that is none',
      calendarOf([event('SUMMARY:Moon', 'DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=LUNAR')]),
      /the rule of “Moon”.*FREQ/,
    ],
    [
      'more dates than a calendar may hold',
      calendarOf([event('DTSTART;VALUE=DATE:00010101', 'DTEND;VALUE=DATE:99990101')]),
      /at most 2000 dates/,
    ],
    [
      'a rule that fires each second',
      calendarOf([event('DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=SECONDLY')]),
      /at most 2000 dates/,
    ],
    ['a file of more than 5 MB', ' '.repeat(5_242_881), /at most 5242880 bytes/],
  ])('ends with exit code 1 for %s', async (_, text, sentence) => {
    const run = await importText(text);

    expect(run).toMatchObject({ exitCode: 1, output: '' });
    expect(run.warnings.join('\n')).toMatch(sentence);
  });

  it('ends with exit code 1 for a file that is not there', async () => {
    const run = await runCommand(['calendar', 'import', join(folder, 'nothing.ics')]);

    expect(run.exitCode).toBe(1);
  });

  it('reads a line without an end in time that follows its length', async () => {
    const run = await importText(calendarOf([event(`DTSTART;X=${'a'.repeat(100_000)}`)]));

    expect(run.exitCode).toBe(1);
  });
});

/** An event is written as its lines; whatever is no event is an argument. */
function importing(...parts: readonly string[]): Promise<CommandRun> {
  const isEvent = (part: string) => part.startsWith('BEGIN:');
  return importText(
    calendarOf(parts.filter(isEvent)),
    parts.filter((part) => !isEvent(part)),
  );
}

function importText(text: string, args: readonly string[] = []): Promise<CommandRun> {
  const file = join(folder, 'import.ics');
  writeFileSync(file, text);
  return runCommand(['calendar', 'import', file, ...args]);
}

function event(...lines: readonly string[]): string {
  return ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n');
}

function calendarOf(events: readonly string[]): string {
  return ['\uFEFFBEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR', ''].join('\r\n');
}

function datesOf({ output }: CommandRun): readonly string[] {
  return JSON.parse(output);
}
