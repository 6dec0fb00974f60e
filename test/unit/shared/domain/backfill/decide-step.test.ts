import { describe, expect, it } from 'vitest';
import { decideStep } from '#shared/domain/backfill/decide-step.ts';
import { aBackfill } from '#test/support/a-backfill.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const DAY = 86_400;
const NOW = FIRE_TIME + 120;
const [FIRST, SECOND, THIRD] = [FIRE_TIME - 3 * DAY, FIRE_TIME - 2 * DAY, FIRE_TIME - DAY];
const RULES = {
  policy: { resultExpirationTime: 7 * DAY },
  scheduleCreatedAt: 0,
  isForced: false,
  windowSeconds: 3_600,
  now: NOW,
};
const NOTHING_OPEN = { open: [], lost: [], unknown: 0 };
const started = (fireTime: number) => ({ fireTime, sentAt: NOW, deliverBy: NOW + 3_600 });
const ahead = (...rows: readonly ('open' | 'settled' | undefined)[]) => ({
  firings: [FIRST, SECOND, THIRD].map((fireTime, at) => ({ fireTime, row: rows[at] })),
  lookFrom: THIRD + 1,
});

describe('decideStep', () => {
  it('starts what has no row, leaves the rest, and counts what it found', () => {
    const { starts, backfill } = decideStep(
      aBackfill(),
      { open: NOTHING_OPEN, ahead: ahead('settled', undefined, 'open'), room: 25 },
      RULES,
    );

    expect(starts).toEqual([started(SECOND)]);
    expect(backfill).toMatchObject({
      state: 'running',
      counts: { due: 3, started: 1, settled: 1, running: 1, unknown: 0 },
      lookFrom: THIRD + 1,
      open: [started(SECOND)],
      waitSeconds: 2,
    });
  });

  it('starts no more than there is room for, and goes on from there', () => {
    const view = { open: NOTHING_OPEN, ahead: ahead(), room: 1 };

    const { starts, backfill } = decideStep(aBackfill(), view, RULES);

    expect(starts).toEqual([started(FIRST)]);
    expect(backfill).toMatchObject({ lookFrom: SECOND, counts: { started: 1 } });
  });

  it('looks past what needs no start even where there is no room, as long as it looks at all', () => {
    const view = { open: NOTHING_OPEN, ahead: ahead('settled', undefined, undefined), room: 1 };

    expect(decideStep(aBackfill(), view, RULES).backfill.lookFrom).toBe(THIRD);
  });

  it('starts anew what was lost, without counting it twice', () => {
    const before = aBackfill({
      open: [{ fireTime: FIRST, sentAt: 1, deliverBy: 2 }],
      lookFrom: THIRD + 1,
      counts: { due: 3, started: 3, settled: 0, running: 0, unknown: 0 },
    });

    const { starts, backfill } = decideStep(
      before,
      { open: { open: [], lost: [FIRST], unknown: 0 }, ahead: undefined, room: 0 },
      RULES,
    );

    expect(starts).toEqual([started(FIRST)]);
    expect(backfill).toMatchObject({ counts: { started: 3 }, open: [started(FIRST)] });
  });

  it('counts as unknown, and not as started, what may have been lost', () => {
    const before = aBackfill({
      open: [{ fireTime: FIRST, sentAt: 1, deliverBy: 2 }],
      lookFrom: THIRD + 1,
      counts: { due: 3, started: 3, settled: 0, running: 0, unknown: 0 },
    });

    const { backfill } = decideStep(
      before,
      { open: { open: [], lost: [], unknown: 1 }, ahead: undefined, room: 25 },
      RULES,
    );

    expect(backfill).toMatchObject({ state: 'completed', counts: { started: 2, unknown: 1 } });
  });

  it('waits ever longer while nothing moves, up to a minute', () => {
    const open = [started(FIRST)];
    const waits = [0, 2, 32, 60].map((waitSeconds) => {
      const before = aBackfill({ open, waitSeconds });
      const view = { open: { open, lost: [], unknown: 0 }, ahead: undefined, room: 0 };
      return decideStep(before, view, RULES).backfill.waitSeconds;
    });

    expect(waits).toEqual([2, 4, 60, 60]);
  });

  it('goes on at once where it has only looked', () => {
    const view = {
      open: NOTHING_OPEN,
      ahead: { firings: [{ fireTime: FIRST, row: 'settled' as const }], lookFrom: FIRST + 1 },
      room: 25,
    };

    expect(decideStep(aBackfill({ waitSeconds: 60 }), view, RULES).backfill.waitSeconds).toBe(0);
  });

  it('is completed once all has been looked at, and all that it started has settled', () => {
    const before = aBackfill({ open: [started(THIRD)], lookFrom: THIRD + 1 });
    const running = { open: before.open, lost: [], unknown: 0 };

    const waiting = decideStep(before, { open: running, ahead: undefined, room: 24 }, RULES);
    const done = decideStep(before, { open: NOTHING_OPEN, ahead: undefined, room: 25 }, RULES);

    expect(waiting.backfill.state).toBe('running');
    expect(done.backfill).toMatchObject({ state: 'completed', endedAt: NOW, open: [] });
  });
});
