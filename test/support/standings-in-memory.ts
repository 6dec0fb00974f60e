import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import type { JobStandingReader, JobStandings } from '#shared/ports/job-standings.ts';

/** Looks at jobs in memory, as at the table. */
export function standingsInMemory(
  jobs: ReadonlyMap<string, Job>,
  lastLookedAt: () => EpochSeconds,
): JobStandingReader {
  const standingsOf = (
    scheduleId: string,
    isAsked: (fireTime: EpochSeconds) => boolean,
  ): JobStandings =>
    new Map(
      [...jobs.values()]
        .filter(({ key }) => key.scheduleId === scheduleId && !key.fireTime.includes('~'))
        .filter(({ key }) => isAsked(fireTimeOf(key)))
        .map(({ key, state }) => [fireTimeOf(key), state === 'settled' ? state : 'open']),
    );
  return {
    between: async (scheduleId, { from, to }) => {
      const last = Math.min(to, lastLookedAt());
      return { standings: standingsOf(scheduleId, (at) => from <= at && at <= last), to: last };
    },
    of: async (scheduleId, fireTimes) => standingsOf(scheduleId, (at) => fireTimes.includes(at)),
  };
}
