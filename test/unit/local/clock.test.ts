import { describe, expect, it } from 'vitest';
import { Activity } from '#local/activity.ts';
import { LocalClock } from '#local/clock.ts';

const START = Date.parse('2026-11-23T09:00:00Z');

function aStoppedClock() {
  const activity = new Activity();
  return { activity, clock: new LocalClock(activity, START) };
}

describe('a stopped LocalClock', () => {
  it('stands still', async () => {
    const { clock } = aStoppedClock();

    await new Promise((resolve) => setImmediate(resolve));

    expect(clock.nowMs()).toBe(START);
    expect(clock.rate).toBe(0);
  });

  it('runs what is booked in order of time, and what is booked for one instant in order of booking', async () => {
    const { clock } = aStoppedClock();
    const ran: string[] = [];
    clock.schedule(START + 2_000, () => void ran.push('later'));
    clock.schedule(START + 1_000, () => void ran.push('first'));
    clock.schedule(START + 1_000, () => void ran.push('second'));

    await clock.advanceTo(START + 2_000);

    expect(ran).toEqual(['first', 'second', 'later']);
  });

  it('shows each piece of work the instant that it was booked for', async () => {
    const { clock } = aStoppedClock();
    const seen: number[] = [];
    for (const seconds of [5, 1, 3])
      clock.schedule(START + seconds * 1_000, () => void seen.push(clock.nowMs() - START));

    await clock.advanceBy(10_000);

    expect(seen).toEqual([1_000, 3_000, 5_000]);
    expect(clock.nowMs()).toBe(START + 10_000);
  });

  it('runs what work on the way books for a time before the target', async () => {
    const { clock } = aStoppedClock();
    const seen: number[] = [];
    const again = () => {
      seen.push(clock.nowMs() - START);
      if (seen.length < 3) clock.schedule(clock.nowMs() + 1_000, again);
    };
    clock.schedule(START + 1_000, again);

    await clock.advanceBy(60_000);

    expect(seen).toEqual([1_000, 2_000, 3_000]);
  });

  it('lets what follows from one instant end before it goes on to the next', async () => {
    const { clock, activity } = aStoppedClock();
    const told: string[] = [];
    clock.schedule(START + 1_000, () => {
      const end = activity.begin('slow follow-up');
      setImmediate(() => {
        told.push(`follow-up at ${clock.nowMs() - START}`);
        end();
      });
    });
    clock.schedule(START + 2_000, () => void told.push(`next at ${clock.nowMs() - START}`));

    await clock.advanceTo(START + 2_000);

    expect(told).toEqual(['follow-up at 1000', 'next at 2000']);
  });

  it('runs work for a past instant at the next advance, without going back', async () => {
    const { clock } = aStoppedClock();
    let seen: number | undefined;
    clock.schedule(START - 60_000, () => {
      seen = clock.nowMs();
    });

    await clock.advanceTo(START);

    expect(seen).toBe(START);
  });

  it('does not run what was cancelled', async () => {
    const { clock } = aStoppedClock();
    let hasRun = false;
    const cancel = clock.schedule(START + 1_000, () => {
      hasRun = true;
    });

    cancel();
    await clock.advanceBy(2_000);

    expect(hasRun).toBe(false);
  });

  it('does not go back', async () => {
    const { clock } = aStoppedClock();

    await expect(clock.advanceTo(START - 1)).rejects.toThrow(/later instant/);
  });

  it('keeps ten thousand bookings in order', async () => {
    const { clock } = aStoppedClock();
    const seen: number[] = [];
    for (let at = 10_000; at > 0; at -= 1)
      clock.schedule(START + (at % 100) * 10, () => void seen.push(clock.nowMs()));

    await clock.advanceBy(1_000);

    expect(seen).toHaveLength(10_000);
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  });
});

describe('a running LocalClock', () => {
  it('goes on from where it was stopped', async () => {
    const { clock } = aStoppedClock();
    const ran = new Promise<number>((resolve) => {
      clock.schedule(START + 5, () => resolve(clock.nowMs()));
    });

    clock.setRate(1);

    expect(await ran).toBeGreaterThanOrEqual(START + 5);
    await expect(clock.advanceBy(1)).rejects.toThrow(/stopped/);
    clock.close();
  });
});
