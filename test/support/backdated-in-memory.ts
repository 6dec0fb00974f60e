import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import type { BackdatedPage, BackdatedPlace } from '#shared/ports/backdated-jobs.ts';

/** Reads a page of jobs as the table does for a backdating. */
export function backdatedInMemory(
  jobs: readonly Job[],
  { scheduleId, to, after = '~', limit }: BackdatedPlace,
): BackdatedPage {
  const all = jobs
    .filter(({ key }) => key.scheduleId === scheduleId)
    .filter(({ key: { fireTime } }) => fireTime <= `${toIso(to)}~~` && fireTime < after)
    .toSorted((one, other) => (one.key.fireTime < other.key.fireTime ? 1 : -1));
  const page = all.slice(0, limit);
  const next = all.length > limit ? page.at(-1)?.key.fireTime : undefined;
  return { jobs: page, ...(next !== undefined && { next }) };
}
