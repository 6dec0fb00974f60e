import type { Job } from '#shared/domain/job/job.ts';
import { addCosts, type ReadCost } from '#shared/domain/read-cost.ts';
import type { JobListing, JobPage, JobReader } from '#shared/ports/job-store.ts';

/** A page looks at so many rows at most, whatever its filter leaves out. */
export const MOST_ROWS = 1_000;

/** One read looks at so many at most. */
const MOST_ROWS_AT_ONCE = 250;

/** Where nothing was found, the next read looks at this many times more rows. */
const GROWTH = 4;

/**
 * Lists a schedule's jobs, newest first, in as many reads as a filter makes necessary.
 *
 * @param listing - Its `limit` is how many jobs the page holds at most.
 * @returns A page that may be short or empty, with a place to go on from: then {@link MOST_ROWS} rows were looked at.
 * @throws {AlmanacError} `store.unavailable`
 */
export async function listJobs(
  listing: JobListing,
  reader: Pick<JobReader, 'list'>,
): Promise<JobPage> {
  const { limit } = listing;
  const jobs: Job[] = [];
  const costs: ReadCost[] = [];
  let rows = limit;
  let { after } = listing;
  for (;;) {
    const page = await reader.list({
      ...listing,
      limit: rows,
      ...(after !== undefined && { after }),
    });
    jobs.push(...page.jobs);
    costs.push(page.cost);
    const cost = addCosts(costs);
    if (jobs.length > limit) return { ...cutTo(limit, jobs), cost };
    const isDone = page.next === undefined || jobs.length === limit;
    if (isDone || cost.itemsRead >= MOST_ROWS)
      return { jobs, ...(page.next !== undefined && { next: page.next }), cost };
    after = page.next;
    rows = nextRows(limit - jobs.length, jobs.length, cost.itemsRead);
  }
}

/** Expects to find on as often as so far. */
function nextRows(wanted: number, found: number, looked: number): number {
  const expected = found === 0 ? looked * GROWTH : Math.ceil((wanted * looked) / found);
  return Math.max(1, Math.min(expected, MOST_ROWS_AT_ONCE, MOST_ROWS - looked));
}

function cutTo(limit: number, found: readonly Job[]): Pick<JobPage, 'jobs' | 'next'> {
  const jobs = found.slice(0, limit);
  const next = jobs.at(-1)?.key.fireTime;
  return { jobs, ...(next !== undefined && { next }) };
}
