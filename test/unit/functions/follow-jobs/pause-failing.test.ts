import { beforeEach, describe, expect, it } from 'vitest';
import type { FollowedChange } from '#functions/follow-jobs/follow-jobs.ts';
import { type PauseFailingPorts, pauseFailing } from '#functions/follow-jobs/pause-failing.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { jobId, jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { dayOf } from '#shared/domain/utc-day.ts';
import type { JobEndsPage } from '#shared/ports/job-ends.ts';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';
import { aSchedule } from '#test/support/a-schedule.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { MemoryScheduleStore } from '#test/support/memory-schedule-store.ts';

const DAY = 86_400;
const WEEK = { resultExpirationTime: 7 * DAY };

/** A schedule that fires each day, its history, and what is done about it. */
class World {
  readonly schedules = new MemoryScheduleStore();
  /** By fire time. */
  readonly history = new Map<number, Outcome>();
  readonly pages: JobEndsPage[] = [];
  readonly sent: QueuedMessage[] = [];
  /** Happens before the next look back. */
  meanwhile: () => void = () => {};
  nowSeconds = FIRE_TIME + 5;

  readonly ports: PauseFailingPorts = {
    now: () => this.nowSeconds,
    schedules: this.schedules,
    queue: { send: async (message) => void this.sent.push(message) },
    ends: {
      list: async (page) => {
        this.pages.push(page);
        this.meanwhile();
        const { since, after = '~', limit } = page;
        const rows = [...this.history]
          .filter(([fireTime]) => fireTime >= since && toIso(fireTime) < after)
          .toSorted(([one], [other]) => other - one);
        const ends = rows.slice(0, limit).map(([fireTime, outcome]) => ({
          jobId: jobId(jobKeyOf('daily-sales', fireTime)),
          outcome,
        }));
        const last = rows.slice(0, limit).at(-1);
        return { ends, ...(last && rows.length > limit && { next: toIso(last[0]) }) };
      },
    },
  };

  /** Has a job settle, and its settle followed. */
  settle(fireTime: number, outcome: Outcome, changes: Partial<FollowedChange> = {}) {
    this.history.set(fireTime, outcome);
    return pauseFailing([aChange(fireTime, outcome, changes)], this.ports);
  }

  get paused() {
    return this.schedules.states.get('daily-sales')?.paused;
  }
}

function aChange(
  fireTime: number,
  outcome: Outcome,
  changes: Partial<FollowedChange> = {},
): FollowedChange {
  return {
    kind: 'settled',
    scheduleId: 'daily-sales',
    sequence: '1',
    jobId: jobId(jobKeyOf('daily-sales', fireTime)),
    outcome,
    finishedAt: toIso(fireTime + 5),
    day: dayOf(fireTime + 5),
    writeUnits: 3,
    ...changes,
  };
}

let world: World;

beforeEach(() => {
  world = new World();
  world.schedules.put(
    aSchedule(
      { policy: { ...WEEK, pauseAfterFailures: 2 } },
      { changedAt: FIRE_TIME - 10 * DAY, generation: 4 },
    ),
  );
});

describe('pauseFailing', () => {
  it('pauses a schedule at as many failures in a row as it says, by almanac, and has EventBridge follow', async () => {
    await world.settle(FIRE_TIME - DAY, 'error');
    const paused = await world.settle(FIRE_TIME, 'timed-out');

    const note =
      '2 jobs in a row have failed, the last of them daily-sales@20261123T090000Z (timed-out).';
    expect(paused).toEqual([{ scheduleId: 'daily-sales', note }]);
    expect(world.schedules.states.get('daily-sales')).toMatchObject({
      paused: { by: 'almanac', note, since: FIRE_TIME + 5 },
      generation: 5,
      sync: { state: 'pending', generation: 5 },
    });
  });

  it('goes by the order of fire times, not by that in which the jobs settled', async () => {
    world.history.set(FIRE_TIME, 'success');
    await world.settle(FIRE_TIME - DAY, 'error');
    await world.settle(FIRE_TIME - 2 * DAY, 'error');

    expect(world.paused).toBeUndefined();
  });

  it('still owes a firing that may be under way', async () => {
    await world.settle(FIRE_TIME - DAY, 'error');
    await world.settle(FIRE_TIME, 'error');

    expect(world.sent).toMatchObject([
      { kind: 'start', notBefore: FIRE_TIME + 90, start: { fireTime: '2026-11-23T09:00:00Z' } },
    ]);
  });

  it('counts from the last change or resume on', async () => {
    const state = aSchedule({}, { changedAt: FIRE_TIME - 3_600 }).state;
    world.schedules.states.set('daily-sales', state);
    world.history.set(FIRE_TIME - DAY, 'error');

    await world.settle(FIRE_TIME, 'error');

    expect(world.pages).toMatchObject([{ since: FIRE_TIME - 3_600 }]);
    expect(world.paused).toBeUndefined();
  });

  it('does nothing more where the batch comes again, or the schedule is paused by someone', async () => {
    await world.settle(FIRE_TIME - DAY, 'error');
    await world.settle(FIRE_TIME, 'error');
    const before = world.schedules.states.get('daily-sales');

    expect(await world.settle(FIRE_TIME, 'error')).toEqual([]);
    expect(world.schedules.states.get('daily-sales')).toBe(before);
  });

  it('does not pause a schedule that was resumed while it looked', async () => {
    world.history.set(FIRE_TIME - DAY, 'error');
    world.meanwhile = () => {
      world.meanwhile = () => {};
      const state = aSchedule({}, { changedAt: FIRE_TIME + 1, generation: 5 }).state;
      world.schedules.states.set('daily-sales', state);
    };

    expect(await world.settle(FIRE_TIME, 'error')).toEqual([]);
    expect(world.pages).toHaveLength(2);
    expect(world.paused).toBeUndefined();
  });

  it('gives the batch back after losing five races', async () => {
    world.history.set(FIRE_TIME - DAY, 'error');
    let generation = 5;
    world.meanwhile = () => {
      const changes = { changedAt: FIRE_TIME - 10 * DAY, generation };
      world.schedules.states.set('daily-sales', aSchedule({}, changes).state);
      generation += 1;
    };

    await expect(world.settle(FIRE_TIME, 'error')).rejects.toThrow('within 5 tries');
  });

  it('looks page after page past jobs that say nothing, up to a bound', async () => {
    for (let at = 1; at <= 50; at += 1) world.history.set(FIRE_TIME - at * 60, 'skipped');
    world.history.set(FIRE_TIME - 51 * 60, 'error');

    await world.settle(FIRE_TIME, 'error');

    expect(world.pages).toHaveLength(3);
    expect(world.paused).toBeDefined();
  });

  it('leaves a schedule as it is whose last failures lie beyond ten pages of jobs that say nothing', async () => {
    for (let at = 1; at <= 300; at += 1) world.history.set(FIRE_TIME - at * 60, 'skipped');
    world.history.set(FIRE_TIME - 301 * 60, 'error');

    await world.settle(FIRE_TIME, 'error');

    expect(world.pages).toHaveLength(10);
    expect(world.paused).toBeUndefined();
  });

  it('asks once for a schedule of a batch, and nothing for one without failures', async () => {
    await pauseFailing(
      [
        aChange(FIRE_TIME, 'success'),
        aChange(FIRE_TIME - DAY, 'skipped'),
        aChange(FIRE_TIME - 2 * DAY, 'error', { kind: 'removed' }),
        aChange(FIRE_TIME, 'error', { jobId: 'daily-sales@20261123T090000Z~01JDCP2Q00AB' }),
      ],
      world.ports,
    );
    expect(world.schedules.reads).toBe(0);

    await pauseFailing(
      [aChange(FIRE_TIME - DAY, 'error'), aChange(FIRE_TIME, 'error')],
      world.ports,
    );
    expect(world.schedules.reads).toBe(1);
  });

  it('looks at no history of a schedule without the policy, or that is gone', async () => {
    world.schedules.put(aSchedule());
    await world.settle(FIRE_TIME, 'error');
    await world.settle(FIRE_TIME, 'error', { scheduleId: 'gone' });

    expect(world.pages).toEqual([]);
  });
});
