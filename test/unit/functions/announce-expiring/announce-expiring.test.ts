import { beforeEach, describe, expect, it } from 'vitest';
import { announceExpiring } from '#functions/announce-expiring/announce-expiring.ts';
import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { dayShard } from '#shared/domain/job/job-index.ts';
import { jobId, jobKeyOf } from '#shared/domain/job/job-key.ts';
import { aJob } from '#test/support/a-job.ts';

/** 23 November 2026, 9:00. */
const NOW = 1_795_424_400;
const HOUR = 3_600;
/** A day ahead, less the ten minutes that an index may be behind. */
const END = NOW + 24 * HOUR - 600;

function expiringAt(resultExpiresAt: number, id = `at-${resultExpiresAt - NOW}`): Job {
  const key = jobKeyOf(id, NOW);
  return aJob({ key, id: jobId(key), resultExpiresAt, announceExpiry: true });
}

let now: number;
let jobs: Job[];
let toldTo: number | undefined;
let told: AlmanacEvent[];
let refused: string | undefined;
let slicesLeft: number;

const announce = () =>
  announceExpiring({
    now: () => now,
    jobs: {
      within: async function* ({ from, to }, shard) {
        yield jobs.filter(
          ({ key, resultExpiresAt = 0 }) =>
            dayShard(key) === shard && from <= resultExpiresAt && resultExpiresAt < to,
        );
      },
    },
    announcements: {
      toldTo: async () => toldTo,
      moveTo: async (to) => {
        toldTo = to;
      },
    },
    bus: {
      put: async (events) => {
        const at = events.findIndex(({ subject }) => subject === refused);
        told.push(...events.slice(0, at === -1 ? events.length : at));
        return at === -1
          ? { taken: events.length }
          : { taken: at, refusal: { code: 'InternalFailure', message: 'again' } };
      },
    },
    hasTime: () => {
      slicesLeft -= 1;
      return slicesLeft >= 0;
    },
  });

beforeEach(() => {
  now = NOW;
  jobs = [END - 6 * HOUR, END - 2 * HOUR, END - 1, END, END + HOUR].map((at) => expiringAt(at));
  toldTo = undefined;
  told = [];
  refused = undefined;
  slicesLeft = 1_000;
});

describe('announceExpiring', () => {
  it('tells of what expires within a day, each once', async () => {
    expect(await announce()).toEqual({ events: 3, toldTo: END });
    now += 6 * HOUR;
    await announce();
    await announce();

    expect(told.map(({ subject }) => subject).toSorted()).toEqual(
      jobs.map(({ id }) => id).toSorted(),
    );
  });

  it('tells again of its last slice alone where it ended before that was noted', async () => {
    const first = expiringAt(END - 5.5 * HOUR);
    const second = expiringAt(END - 4.5 * HOUR);
    jobs = [first, second];
    refused = second.id;

    await expect(announce()).rejects.toThrow('Expected the event bus to take');
    refused = undefined;
    await announce();

    expect(told.map(({ subject }) => subject)).toEqual([first.id, second.id]);
  });

  it('goes on the next time where its time is up', async () => {
    slicesLeft = 1;

    expect(await announce()).toEqual({ events: 1, toldTo: END - 5 * HOUR });
    slicesLeft = 1_000;
    expect(await announce()).toEqual({ events: 2, toldTo: END });
  });
});
