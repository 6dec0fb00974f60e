import { describe, expect, it } from 'vitest';
import { leastReadShard, type ReadShard, takeInOrder } from '#shared/domain/job/take-in-order.ts';

/** A shard of which these minutes were found, which was read to one of them, or to its end. */
function shard(
  number: number,
  minutes: readonly number[],
  readTo?: number,
): ReadShard<{ finishedAt: string }> {
  const found = minutes.map((minute) => ({ finishedAt: at(minute) }));
  return { shard: number, found, ...(readTo !== undefined && { readTo: at(readTo) }) };
}

const at = (minute: number) => `2026-11-23T09:${String(minute).padStart(2, '0')}:00Z`;
const names = (taken: ReturnType<typeof takeInOrder>['taken']) =>
  taken.map(({ shard: number, entry: { finishedAt } }) => `${finishedAt.slice(14, 16)}#${number}`);

describe('takeInOrder', () => {
  it('merges shards that have been read to their ends, newest first', () => {
    const { taken, blockers } = takeInOrder([shard(0, [58, 41]), shard(1, [59, 45])], 10);

    expect(names(taken)).toEqual(['59#1', '58#0', '45#1', '41#0']);
    expect(blockers).toEqual([]);
  });

  it('gives nothing that another shard may yet come before with, and names that shard', () => {
    const { taken, blockers } = takeInOrder([shard(0, [58, 41], 30), shard(1, [59, 45], 45)], 10);

    expect(names(taken)).toEqual(['59#1', '58#0', '45#1']);
    expect(blockers).toEqual([1]);
  });

  it('asks for no more once it has as many as are wanted', () => {
    const { taken, blockers } = takeInOrder([shard(0, [58, 41], 30), shard(1, [59, 45], 45)], 3);

    expect(names(taken)).toEqual(['59#1', '58#0', '45#1']);
    expect(blockers).toEqual([]);
  });

  it('gives the lower shard first of what finished in the same second, and waits for it', () => {
    expect(names(takeInOrder([shard(1, [30]), shard(0, [30])], 10).taken)).toEqual([
      '30#0',
      '30#1',
    ]);
    expect(takeInOrder([shard(1, [30]), shard(0, [], 30)], 10)).toEqual({
      taken: [],
      blockers: [0],
    });
    expect(names(takeInOrder([shard(0, [30]), shard(1, [], 30)], 1).taken)).toEqual(['30#0']);
  });

  it('keeps the order in which a shard was read, of what finished in the same second', () => {
    const [first, second] = [{ finishedAt: at(30) }, { finishedAt: at(30) }];

    const { taken } = takeInOrder([{ shard: 0, found: [first, second] }], 10);

    expect(taken.map(({ entry }) => entry === first)).toEqual([true, false]);
  });

  it('asks for every shard that goes on where nothing was found', () => {
    expect(takeInOrder([shard(0, [], 59), shard(1, []), shard(2, [], 10)], 5).blockers).toEqual([
      0, 2,
    ]);
  });
});

describe('leastReadShard', () => {
  it('is the one with the most to show first', () => {
    expect(leastReadShard([shard(0, [], 20), shard(1, [], 40), shard(2, [], 40)])).toEqual({
      shard: 1,
      finishedAt: at(40),
    });
    expect(leastReadShard([shard(0, [20])])).toBeUndefined();
  });
});
