import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listSettledJobs, MOST_QUERIES } from '#functions/serve-api/list-settled-jobs.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { dayShard } from '#shared/domain/job/job-index.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import type { SettledPlace } from '#shared/domain/job/settled-place.ts';
import { aJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { readFromMemory } from '#test/support/memory-job-lists.ts';

const DAY_SECONDS = 86_400;

/** Jobs of up to four days, many of which finish in the same second. */
const anyJobs = fc
  .array(
    fc.record({
      schedule: fc.integer({ min: 0, max: 40 }),
      second: fc.oneof(
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 4 * DAY_SECONDS - 1 }),
      ),
      outcome: fc.constantFrom('success' as const, 'error' as const, 'skipped' as const),
      isExpired: fc.boolean(),
    }),
    { maxLength: 200 },
  )
  .map((drawn) =>
    drawn.map(({ schedule, second, outcome, isExpired }, at): Job => {
      const key = jobKeyOf(`schedule-${schedule}`, FIRE_TIME + at);
      const finishedAt = toIso(FIRE_TIME - 2 * DAY_SECONDS + second);
      return aJob({ key, finishedAt, outcome, expiresAt: isExpired ? NOW : NOW + 1 });
    }),
  );

const anyListing = fc.record({
  limit: fc.integer({ min: 1, max: 30 }),
  skipped: fc.integer({ min: 0, max: 3 * DAY_SECONDS }),
  span: fc.integer({ min: 0, max: 3 * DAY_SECONDS }),
  outcome: fc.constantFrom('success', 'error', undefined),
});

const NOW = FIRE_TIME + 10 * DAY_SECONDS;

/** The order that pages keep: newest first, then by shard. What is beyond that is the index's own. */
function sortKeyOf(job: { readonly finishedAt?: string; readonly key: Job['key'] }): string {
  return `${job.finishedAt} ${String(99 - dayShard(job.key)).padStart(2, '0')}`;
}

describe('listSettledJobs', () => {
  it('gives each job that is asked for once, in order, by bounded reads, however pages fall', async () => {
    await fc.assert(
      fc.asyncProperty(anyJobs, anyListing, async (all, { limit, skipped, span, outcome }) => {
        const from = FIRE_TIME - 2 * DAY_SECONDS + skipped;
        const to = from + span;
        const listing = {
          from,
          to,
          isOfFailures: outcome === 'error',
          filter: outcome ? { outcomes: [outcome] } : {},
          now: NOW,
          limit,
        };
        const listed: string[] = [];
        let after: SettledPlace | undefined;
        do {
          const page = await listSettledJobs(
            { ...listing, ...(after && { after }) },
            { read: async (reading) => readFromMemory(reading, all) },
          );
          expect(page.jobs.length).toBeLessThanOrEqual(limit);
          expect(page.cost.requests).toBeLessThanOrEqual(MOST_QUERIES);
          expect(page.next).not.toEqual(after ?? 'none');
          listed.push(...page.jobs.map(({ id }) => id));
          after = page.next;
        } while (after);

        const wanted = all
          .filter(({ finishedAt = '' }) => finishedAt >= toIso(from) && finishedAt <= toIso(to))
          .filter((job) => job.expiresAt !== NOW && (!outcome || job.outcome === outcome));
        const byId = new Map(all.map((job) => [job.id, sortKeyOf(job)]));
        const places = listed.map((id) => byId.get(id) ?? '');
        expect(listed.toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
        expect(places).toEqual(places.toSorted().toReversed());
      }),
      { numRuns: 150 },
    );
  });

  it('reads 16 shards once for a page of the newest, and no day before', async () => {
    const jobs = Array.from({ length: 2_000 }, (_, at) =>
      aJob({
        key: jobKeyOf(`schedule-${at}`, FIRE_TIME),
        finishedAt: toIso(FIRE_TIME + at),
        expiresAt: NOW + 1,
      }),
    );

    const page = await listSettledJobs(
      { from: 0, to: FIRE_TIME + 3_600, isOfFailures: false, filter: {}, now: NOW, limit: 25 },
      { read: async (reading) => readFromMemory(reading, jobs) },
    );

    expect(page.jobs.map(({ id }) => id)).toEqual(
      jobs
        .slice(-25)
        .reverse()
        .map(({ id }) => id),
    );
    expect(page.cost.requests).toBeLessThanOrEqual(18);
    expect(page.cost.itemsRead).toBeLessThan(150);
  });

  it('ends a page that finds nothing after five rounds, or five empty days, and goes on from there', async () => {
    const listing = {
      from: 0,
      to: FIRE_TIME,
      isOfFailures: false,
      filter: {},
      now: NOW,
      limit: 25,
    };

    const page = await listSettledJobs(listing, {
      read: async (reading) => readFromMemory(reading, []),
    });

    expect(page).toMatchObject({ jobs: [], cost: { requests: MOST_QUERIES } });
    expect(toIso(page.next?.until ?? 0)).toBe('2026-11-18T23:59:59Z');
  });
});
