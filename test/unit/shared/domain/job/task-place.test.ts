import { describe, expect, it } from 'vitest';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { SweptRow } from '#shared/domain/job/open-job.ts';
import { FIRST_PLACE, MOST_OPEN, nextPlace } from '#shared/domain/job/task-place.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { anOpenJob } from '#test/support/an-open-job.ts';

const fireTime = (seconds: number) => `${toIso(FIRE_TIME + seconds)}~0123456789ABCDEFGHJKMNPQRS`;
const settled = (seconds: number): SweptRow => ({
  key: { scheduleId: 'task:sales-report', fireTime: fireTime(seconds) },
});
const open = (seconds: number): SweptRow => {
  const { key } = settled(seconds);
  return { key, open: anOpenJob({ key }) };
};

describe('nextPlace', () => {
  it('goes past what has settled, and remembers what has not', () => {
    const rows = [settled(0), open(1), settled(2), open(3)];

    expect(nextPlace(FIRST_PLACE, rows, FIRE_TIME + 10)).toEqual({
      sweptTo: FIRE_TIME + 11,
      open: [fireTime(1), fireTime(3)],
    });
  });

  it('forgets what has settled since, and keeps what has not', () => {
    const place = { sweptTo: FIRE_TIME + 11, open: [fireTime(1), fireTime(3)] };

    expect(nextPlace(place, [settled(1), open(3)], FIRE_TIME + 400)).toEqual({
      sweptTo: FIRE_TIME + 11,
      open: [fireTime(3)],
    });
  });

  it('stays where nothing has come since', () => {
    const place = { sweptTo: FIRE_TIME, open: [] };

    expect(nextPlace(place, [], FIRE_TIME + 86_400)).toEqual(place);
  });

  it('stays at the first that it cannot remember, with which all of its second are read again', () => {
    const rows = Array.from({ length: MOST_OPEN + 5 }, (_, at) => open(Math.floor(at / 3)));

    const { sweptTo, open: remembered } = nextPlace(FIRST_PLACE, rows, FIRE_TIME + 300);

    expect(sweptTo).toBe(FIRE_TIME + 33);
    expect(remembered).toHaveLength(99);
  });

  it('goes no further than the rows were read', () => {
    expect(nextPlace(FIRST_PLACE, [settled(0), settled(1)], FIRE_TIME)).toEqual({
      sweptTo: FIRE_TIME + 1,
      open: [],
    });
  });
});
