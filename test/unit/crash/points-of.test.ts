import { describe, expect, it } from 'vitest';
import { DISTURBANCES } from '#test/crash/disturbances.ts';
import { numbered, pointsOf, sampledPoints } from '#test/crash/points-of.ts';

const call = (operation: string, caller = 'task') =>
  ({ service: 'dynamodb', operation, caller }) as const;

const CALLS = numbered([call('PutItem'), call('UpdateItem'), call('UpdateItem')]);

describe('numbered', () => {
  it('counts the calls of one operation by one caller', () => {
    const calls = numbered([call('PutItem'), call('PutItem', 'other'), call('PutItem')]);

    expect(calls.map(({ caller, nth }) => [caller, nth])).toEqual([
      ['task', 1],
      ['other', 1],
      ['task', 2],
    ]);
  });
});

describe('pointsOf', () => {
  it('lists every disturbance of every call once', () => {
    const points = pointsOf(CALLS);

    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(3 * 8);
  });
});

describe('sampledPoints', () => {
  it.each([1, 3, 40])(
    'picks each disturbance once, of as many calls as there are of %i',
    (count) => {
      const calls = numbered(Array.from({ length: count }, () => call('UpdateItem')));

      const points = sampledPoints(calls, 1);

      expect(points.map(({ disturbance }) => disturbance)).toEqual(DISTURBANCES);
      expect(new Set(points.map((point) => point.call)).size).toBe(Math.min(count, 8));
    },
  );

  it('picks the same points for the same seed, and others for another', () => {
    const pick = (seed: number) => JSON.stringify(sampledPoints(CALLS, seed));

    expect(pick(1)).toBe(pick(1));
    expect(new Set([1, 2, 3, 4].map(pick)).size).toBeGreaterThan(1);
  });
});
