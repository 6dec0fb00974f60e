import { beforeEach, describe, expect, it } from 'vitest';
import { letGoDisplaced } from '#functions/follow-jobs/let-go-displaced.ts';
import type { StreamChange } from '#shared/adapters/dynamodb/stream-event.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { KeepLast } from '#shared/domain/result/keep-last.ts';
import type { HeldJobs, ListedHeldJob } from '#shared/ports/job-retention.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';

const OWN = { expiresAt: FIRE_TIME + 86_400, rule: 'schedule:default' } as const;

/** What is held, as an index has it that may be behind. */
class MemoryHeldJobs implements HeldJobs {
  readonly listed = new Map<string, ListedHeldJob>();
  readonly letGoMinutes: number[] = [];
  readonly limits: number[] = [];

  newest: HeldJobs['newest'] = async (scheduleId, limit) => {
    this.limits.push(limit);
    return [...this.listed.values()]
      .filter(({ key }) => key.scheduleId === scheduleId)
      .toSorted((one, other) => (one.key.fireTime < other.key.fireTime ? 1 : -1))
      .slice(0, limit);
  };

  letGo: HeldJobs['letGo'] = async ({ key }) => {
    this.letGoMinutes.push(Number(key.fireTime.slice(14, 16)));
    this.listed.delete(key.fireTime);
  };
}

let held: MemoryHeldJobs;

beforeEach(() => {
  held = new MemoryHeldJobs();
});

function settle(
  minute: number,
  keep: KeepLast | undefined,
  outcome: Outcome = 'success',
): StreamChange {
  const key = jobKeyOf('daily-sales', FIRE_TIME + minute * 60);
  const isHeld = keep !== undefined && (keep.last !== 0 || keep.success === true);
  if (isHeld) held.listed.set(key.fireTime, { key, outcome, ownExpiry: OWN, keep });
  const running = { ...key, state: 'running' };
  return {
    eventName: 'MODIFY',
    sequenceNumber: '1',
    at: FIRE_TIME,
    keys: { ...key },
    oldItem: running,
    newItem: {
      ...running,
      task: 'sales-report',
      revision: 1,
      deliverBy: FIRE_TIME,
      attempt: 1,
      state: 'settled',
      outcome,
      finishedAt: toIso(FIRE_TIME),
      expiresAt: FIRE_TIME + 9_000_000,
      ...(keep && { keep }),
      ...(isHeld && { ownExpiry: OWN, heldBy: 'daily-sales' }),
    },
  };
}

describe('letGoDisplaced', () => {
  it('lets go what a new job displaces, and asks nothing where no schedule keeps by number', async () => {
    for (const minute of [1, 2, 3]) await letGoDisplaced([settle(minute, { last: 2 })], { held });
    await letGoDisplaced([settle(4, undefined)], { held });

    expect(held.letGoMinutes).toEqual([1]);
    expect(held.limits).toHaveLength(3);
  });

  it('counts the jobs of its own batch that the index does not have yet', async () => {
    const batch = [1, 2, 3].map((minute) => settle(minute, { last: 1 }));
    held.listed.delete(toIso(FIRE_TIME + 180));

    await letGoDisplaced(batch, { held });

    expect(held.letGoMinutes.toSorted()).toEqual([1, 2]);
  });

  it('lets go an older job at once that settles after newer ones', async () => {
    await letGoDisplaced([settle(5, { last: 1 })], { held });

    await letGoDisplaced([settle(3, { last: 1 })], { held });

    expect(held.letGoMinutes).toEqual([3]);
  });

  it('goes by what the newest job was to keep, where the schedule has been changed', async () => {
    for (const minute of [1, 2, 3]) await letGoDisplaced([settle(minute, { last: 3 })], { held });

    await letGoDisplaced([settle(4, { last: 0 })], { held });

    expect(held.letGoMinutes.toSorted()).toEqual([1, 2, 3]);
  });

  it('may be repeated, late and beside other batches, and lets go no job of the newest', async () => {
    const batches = [1, 2, 3, 4, 5, 6].map((minute) => [
      settle(minute, { last: 2, success: true }, minute > 3 ? 'error' : 'success'),
    ]);
    const flat = batches.flat();

    await Promise.all(
      [...batches, flat, flat.toReversed()].map((batch) => letGoDisplaced(batch, { held })),
    );
    await letGoDisplaced(flat.slice(0, 2), { held });

    expect([...new Set(held.letGoMinutes)].toSorted()).toEqual([1, 2, 4]);
  });

  it('does not follow its own writes', async () => {
    const { newItem } = settle(1, { last: 1 });

    await letGoDisplaced(
      [
        {
          eventName: 'MODIFY',
          sequenceNumber: '2',
          at: FIRE_TIME,
          keys: {},
          ...(newItem && { oldItem: newItem, newItem }),
        },
      ],
      { held },
    );

    expect(held.limits).toEqual([]);
  });
});
