import { describe, expect, it } from 'vitest';
import { Activity } from '#local/activity.ts';

describe('Activity', () => {
  it('is settled at once when nothing is under way', async () => {
    await expect(new Activity().settle()).resolves.toBeUndefined();
  });

  it('waits for work that hands on to other work before it ends', async () => {
    const activity = new Activity();
    const told: string[] = [];
    const endFirst = activity.begin('first');
    setImmediate(() => {
      const endSecond = activity.begin('second');
      endFirst();
      setImmediate(() => {
        told.push('second ended');
        endSecond();
      });
    });

    await activity.settle();

    expect(told).toEqual(['second ended']);
  });

  it('ends work that fails', async () => {
    const activity = new Activity();

    await expect(activity.during('failing', () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );

    expect(activity.underWay()).toEqual([]);
    await activity.settle();
  });

  it('counts work once, however often it is ended', () => {
    const activity = new Activity();
    const end = activity.begin('one');
    activity.begin('other');

    end();
    end();

    expect(activity.underWay()).toEqual(['other']);
  });
});
