import { describe, expect, it } from 'vitest';
import { instantOf, isTimeZone, wallTimeOf } from '#local/services/scheduler/zone-time.ts';

describe('wallTimeOf', () => {
  it.each([
    'UTC',
    'Africa/Casablanca',
    'Africa/Cairo',
    'America/Santiago',
    'America/St_Johns',
    'Antarctica/Troll',
    'Asia/Gaza',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Europe/Dublin',
    'Pacific/Chatham',
  ])('shows in %s what Node shows, for three years', (timeZone) => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    const differing: string[] = [];

    for (let ms = Date.UTC(2026, 0); ms < Date.UTC(2029, 0); ms += 9 * 3_600_000) {
      const shown = new Date(wallTimeOf(ms, timeZone)).toISOString();
      if (shown.slice(0, 19).replace('T', ' ') !== format.format(ms)) differing.push(shown);
    }

    expect(differing).toEqual([]);
  });
});

describe('instantOf', () => {
  it('undoes wallTimeOf, but for the second pass of a fold', () => {
    const timeZone = 'Australia/Lord_Howe';
    const foldMs = Date.parse('2026-04-04T15:00:00Z');

    for (let minutes = -60; minutes <= 60; minutes += 1) {
      const ms = foldMs + minutes * 60_000;
      const isSecondPass = minutes >= 0 && minutes < 30;
      expect(instantOf(wallTimeOf(ms, timeZone), timeZone)).toEqual({
        kind: 'instant',
        ms: isSecondPass ? ms - 1_800_000 : ms,
      });
    }
  });

  it('tells a wall-clock time that the clocks jump over, and where it would be without the jump', () => {
    expect(instantOf(Date.parse('2026-03-08T02:30:00Z'), 'America/New_York')).toEqual({
      kind: 'gap',
      shiftedMs: Date.parse('2026-03-08T07:30:00Z'),
    });
  });
});

describe('isTimeZone', () => {
  it.each([
    'UTC',
    'Etc/UTC',
    'Asia/Kolkata',
    'Asia/Calcutta',
    'US/Pacific',
    'Etc/GMT+3',
    'EST5EDT',
  ])('knows %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['', 'utc', 'Z', '+01:00', 'Mars/Base', ' UTC', 'Europe/Berlin/', 'europe/berlin'])(
    'does not know %j',
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});
