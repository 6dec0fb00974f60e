import { describe, expect, it } from 'vitest';
import { pickSlots } from '#shared/domain/job/pick-slots.ts';
import type { SlotHolder } from '#shared/domain/job/slot.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const LIVE: SlotHolder = { holder: 'other', leaseUntil: FIRE_TIME + 100 };
const DEAD: SlotHolder = { holder: 'other', leaseUntil: FIRE_TIME - 10 };

function pick(slots: number, holders: Readonly<Record<string, SlotHolder>>, holder = 'me') {
  return pickSlots({ slots, holders: new Map(Object.entries(holders)), holder, now: FIRE_TIME });
}

describe('pickSlots', () => {
  it('picks nothing where all are held', () => {
    expect(pick(2, { '#0': LIVE, '#1': LIVE })).toEqual([]);
  });

  it('picks the slot that the attempt has already before any other', () => {
    const mine = { holder: 'me', leaseUntil: FIRE_TIME };

    expect(pick(3, { '#1': mine })[0]).toEqual({ index: 1 });
  });

  it('picks a free slot before one whose lease has ended, and honours a lease for 10 s more', () => {
    const ended: SlotHolder = { holder: 'other', leaseUntil: FIRE_TIME - 9 };

    expect(pick(3, { '#0': DEAD, '#1': ended })).toEqual([{ index: 2 }, { index: 0, from: DEAD }]);
  });

  it('begins at a place of its own among the free ones, and asks for eight at most', () => {
    const firsts = new Set(
      Array.from({ length: 200 }, (_, n) => pick(100, {}, `job-${n}`)[0]?.index),
    );

    expect(firsts.size).toBeGreaterThan(60);
    expect(pick(100, {})).toHaveLength(8);
  });

  it('leaves alone the slots beyond a bound that was lowered', () => {
    expect(pick(1, { '#0': LIVE, '#5': DEAD })).toEqual([]);
  });
});
