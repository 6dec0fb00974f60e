import { describe, expect, it } from 'vitest';
import { type CompareCopiesPorts, compareCopies } from '#functions/sweep/compare-copies.ts';
import { NO_COST } from '#shared/domain/read-cost.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

/** A table of so many schedules, whose copies differ as given. */
function aWorld(count: number, differences: Readonly<Record<string, readonly string[]>> = {}) {
  const ids = Array.from({ length: count }, (_, at) => `s${String(at).padStart(4, '0')}`);
  const asked: string[] = [];
  const pending: string[] = [];
  const told: (readonly [string, readonly string[]])[] = [];
  const places: (string | undefined)[] = [];
  const reported: string[] = [];
  const ports: CompareCopiesPorts = {
    now: () => FIRE_TIME - 3_600,
    hasTime: () => true,
    report: (id) => void reported.push(id),
    tellOfDrift: (id, fields) => void told.push([id, fields]),
    copies: {
      differences: async (id, expected) => {
        asked.push(id);
        if (id === 's0003' && count === 5) throw new Error('Rate exceeded.');
        return expected ? (differences[id] ?? []) : [];
      },
    },
    schedules: {
      list: async ({ limit, after = '' }) => {
        const rest = ids.filter((id) => id > after);
        const page = rest.slice(0, limit);
        const schedules = page.map((scheduleId) => aSchedule({ scheduleId }));
        const next = rest.length > limit ? page.at(-1) : undefined;
        return { schedules, cost: NO_COST, ...(next !== undefined && { next }) };
      },
    },
    store: {
      readComparedTo: async () => places.at(-1),
      writeComparedTo: async (place) => void places.push(place),
      setPending: async ({ scheduleId }) => {
        pending.push(scheduleId);
        return scheduleId !== 's0002';
      },
    },
  };
  return { ports, asked, pending, told, places, reported };
}

describe('compareCopies', () => {
  it('has those projected again that differ, and tells in what; not those that were written meanwhile', async () => {
    const { ports, pending, told } = aWorld(4, { s0001: ['Target.Input'], s0002: ['missing'] });

    const { compared, repairs } = await compareCopies(ports);

    expect([compared, repairs.filter((repair) => repair !== undefined)]).toEqual([4, ['drifted']]);
    expect(pending).toEqual(['s0001', 's0002']);
    expect(told).toEqual([['s0001', ['Target.Input']]]);
  });

  it('compares a thousand at one go, and goes on from there', async () => {
    const { ports, asked, places } = aWorld(1_250);

    expect((await compareCopies(ports)).compared).toBe(1_000);
    expect(places).toEqual(['s0999']);
    expect((await compareCopies(ports)).compared).toBe(250);
    expect(places).toEqual(['s0999', undefined]);
    expect(new Set(asked).size).toBe(1_250);
  });

  it('goes on to the others where EventBridge does not answer', async () => {
    const { ports, asked, reported } = aWorld(5);

    expect((await compareCopies(ports)).repairs).toContain('failed');

    expect(reported).toEqual(['s0003']);
    expect(asked).toHaveLength(5);
  });
});
