import { describe, expect, it } from 'vitest';
import { drawPlays } from '#test/crash/draw-plays.ts';
import { describePoint, numbered } from '#test/crash/points-of.ts';

const call = (operation: string) => ({ service: 'dynamodb', operation, caller: 'task' }) as const;

const DRAWABLES = [
  { name: 'plain', calls: numbered([call('PutItem'), call('UpdateItem'), call('UpdateItem')]) },
  { name: 'short', calls: numbered([call('PutItem')]) },
];

describe('drawPlays', () => {
  const plays = drawPlays(DRAWABLES, 200, 1);

  it('has a process killed in each play', () => {
    expect(plays).toHaveLength(200);
    for (const { points } of plays) expect(points[0]?.disturbance.fault.do).toBe('kill');
  });

  it('lets one to three calls of a play go wrong, and none of them twice', () => {
    const sizes = new Set<number>();
    for (const { points } of plays) {
      sizes.add(points.length);
      expect(new Set(points.map((point) => point.call)).size).toBe(points.length);
    }
    expect([...sizes].toSorted()).toEqual([1, 2, 3]);
  });

  it('comes to every scenario, every call and every way in which one can go wrong', () => {
    const points = plays.flatMap((play) => play.points);

    expect(new Set(plays.map(({ name }) => name)).size).toBe(2);
    expect(new Set(points.map((point) => point.call)).size).toBe(4);
    expect(new Set(points.map(({ disturbance }) => disturbance.name)).size).toBe(8);
  });

  it('draws the same plays of the same seed, and others of another', () => {
    const told = (seed: number) =>
      drawPlays(DRAWABLES, 20, seed).map(({ points }) => points.map(describePoint));

    expect(told(1)).toEqual(told(1));
    expect(told(2)).not.toEqual(told(1));
  });
});
