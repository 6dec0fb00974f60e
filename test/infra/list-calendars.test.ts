import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CALENDARS_FOLDER, listCalendars } from '#infra/list-calendars.ts';
import { calendars } from '#shared/contracts/calendars.ts';
import { aTrigger } from '#test/support/a-trigger.ts';
import { firesBetween } from '#test/support/instant.ts';

describe('listCalendars', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'almanac-calendars-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lists each JSON file of the folder under its name', () => {
    writeFileSync(join(folder, 'paris.json'), '["2026-07-14"]');
    writeFileSync(join(folder, 'berlin.json'), '["2026-12-25", "2026-12-26"]');
    writeFileSync(join(folder, 'README.md'), 'Dates.');

    expect(listCalendars(folder)).toBe(
      '{"berlin":["2026-12-25","2026-12-26"],"paris":["2026-07-14"]}\n',
    );
  });

  it.each([
    ['berlin.json', '["2026-02-30"]', 'berlin.0'],
    ['berlin.json', '{"dates":[]}', 'berlin: '],
    ['our days.json', '["2026-12-25"]', 'our days: '],
    ['berlin.json', '[', 'to be JSON'],
    ['berlin.json', JSON.stringify(new Array(2_001).fill('2026-12-25')), 'berlin: '],
  ])('refuses a file %s that holds %s', (file, text, sentence) => {
    writeFileSync(join(folder, file), text);

    expect(() => listCalendars(folder)).toThrow(sentence);
  });

  it('refuses more dates in all than a schedule could keep', () => {
    const dates = JSON.stringify(new Array(2_000).fill('2026-12-25'));
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
      writeFileSync(join(folder, `${name}.json`), dates);

    expect(() => listCalendars(folder)).toThrow('at most 10000 dates');
  });
});

describe('us-federal-holidays', () => {
  const dates = calendars.parse(JSON.parse(listCalendars(CALENDARS_FOLDER)))['us-federal-holidays'];

  it('holds the holidays of 2026, observed on Friday where they fall on Saturday', () => {
    expect(dates?.filter((date) => date.startsWith('2026'))).toEqual([
      '2026-01-01',
      '2026-01-19',
      '2026-02-16',
      '2026-05-25',
      '2026-06-19',
      '2026-07-03',
      '2026-09-07',
      '2026-10-12',
      '2026-11-11',
      '2026-11-26',
      '2026-12-25',
    ]);
  });

  it.each([
    ['Martin Luther King', { month: 1, day: '3rd mon' }],
    ['Washington', { month: 2, day: '3rd mon' }],
    ['Memorial Day', { month: 5, day: 'last mon' }],
    ['Labor Day', { month: 9, day: '1st mon' }],
    ['Columbus Day', { month: 10, day: '2nd mon' }],
    ['Thanksgiving', { month: 11, day: '4th thu' }],
  ])('has %s in each year from 2025 to 2031', (_, fields) => {
    const trigger = aTrigger({ kind: 'cron', fields });

    const days = firesBetween(trigger, '2025-01-01T00:00:00Z', '2031-12-31T00:00:00Z');

    expect(days).toHaveLength(7);
    expect(dates).toEqual(expect.arrayContaining(days.map((at) => at.slice(0, 10))));
  });
});
