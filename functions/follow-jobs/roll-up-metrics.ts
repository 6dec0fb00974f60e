import { fromIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimeOf, parseJobId } from '#shared/domain/job/job-key.ts';
import { type MeasuredJob, type Rollup, rollUp } from '#shared/domain/rollup/rollup.ts';
import { GRAINS, type RollupPart, rollupPart } from '#shared/domain/rollup/rollup-part.ts';
import type { RollupStore } from '#shared/ports/rollup-store.ts';
import { countFenced } from './count-fenced.ts';
import type { FollowedChange } from './follow-jobs.ts';

/**
 * Counts what results came to by their schedules' metrics into the hour and the day of their fire times, so that a backfill's fall where
 * they belong. It may be repeated: a rollup's own fence keeps a job from being counted twice.
 *
 * Each hour and each day is one read and one write, however many jobs and metrics of it a batch has.
 *
 * @throws {AlmanacError} `store.unavailable`; the stream then delivers the batch again.
 */
export async function rollUpMetrics(
  changes: readonly FollowedChange[],
  { rollups }: { readonly rollups: RollupStore },
): Promise<void> {
  const counts = Map.groupBy(
    changes.flatMap(countsOf),
    ({ scheduleId, part }) => `${scheduleId} ${part}`,
  );
  await Promise.all([...counts.values()].map((count) => countInto(count, rollups)));
}

interface PartCount {
  readonly scheduleId: string;
  readonly part: RollupPart;
  readonly job: MeasuredJob;
}

/** Each job counts in its hour and in its day. */
function countsOf(change: FollowedChange): readonly PartCount[] {
  const { scheduleId, sequence, measured } = change;
  const key = parseJobId(change.jobId);
  const finishedAt = fromIso(change.finishedAt);
  if (!measured || !key || finishedAt === undefined) return [];
  const job = { sequence, finishedAt, measured };
  return GRAINS.map((grain) => ({ scheduleId, part: rollupPart(grain, fireTimeOf(key)), job }));
}

async function countInto(counts: readonly PartCount[], store: RollupStore): Promise<void> {
  const [first] = counts;
  if (!first) return;
  const { scheduleId, part } = first;
  const jobs = counts.map(({ job }) => job);
  await countFenced<Rollup>({
    name: `${part} of ${scheduleId}`,
    read: () => store.read(scheduleId, part),
    count: (read) => rollUp(read, jobs),
    replace: (rollup, read) => store.replace({ scheduleId, part, rollup, read }),
  });
}
