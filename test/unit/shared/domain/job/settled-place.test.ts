import { describe, expect, it } from 'vitest';
import { parseSettledPlace, settledPlaceText } from '#shared/domain/job/settled-place.ts';

const key = { scheduleId: 'daily-sales', fireTime: '2026-11-23T09:00:00Z' };

describe('settledPlaceText', () => {
  it.each([
    ['a second', { until: 1_795_424_400 }, '1795424400'],
    [
      'a job of a shard',
      { until: 1_795_424_400, last: { shard: 7, key } },
      '1795424400/7/daily-sales@20261123T090000Z',
    ],
  ])('writes %s, which is read back', (_, place, text) => {
    expect(settledPlaceText(place)).toBe(text);
    expect(parseSettledPlace(text)).toEqual(place);
  });

  it.each([[''], ['here'], ['1795424400/7/'], ['1795424400/7/daily-sales']])(
    'reads no place out of %j',
    (text) => {
      expect(parseSettledPlace(text)).toBeUndefined();
    },
  );
});
