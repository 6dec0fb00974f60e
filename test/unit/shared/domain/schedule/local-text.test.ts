import { describe, expect, it } from 'vitest';
import { localText } from '#shared/domain/schedule/local-text.ts';
import { at } from '#test/support/instant.ts';

describe('localText', () => {
  it.each([
    ['UTC', '2026-11-23T09:00:00+00:00'],
    ['Asia/Kathmandu', '2026-11-23T14:45:00+05:45'],
    ['America/St_Johns', '2026-11-23T05:30:00-03:30'],
  ])('writes the wall clock of %s with its offset', (timeZone, text) => {
    expect(localText(at('2026-11-23T09:00:00Z'), timeZone)).toBe(text);
  });

  it('keeps the seconds of an old offset', () => {
    expect(localText(at('1971-01-01T00:00:00Z'), 'Africa/Monrovia')).toBe(
      '1970-12-31T23:15:30-00:44:30',
    );
  });
});
