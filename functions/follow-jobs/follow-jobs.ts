import type { MeasuredResult } from '#shared/domain/rollup/result-metric.ts';
import { countChanges, type JobChange, NO_USAGE, type Usage } from '#shared/domain/usage/usage.ts';
import type { UsagePart, UsageStore } from '#shared/ports/usage-store.ts';
import { countFenced } from './count-fenced.ts';

/** What following needs: where sums are kept. */
export interface FollowJobsPorts {
  readonly usage: UsageStore;
}

/** A change of a job as it is followed: what counts, and of which schedule. */
export interface FollowedChange extends JobChange {
  readonly scheduleId: string;
  /** On which day it counts: that of the finish, or of the removal. The same however often the change is delivered. */
  readonly day: string;
  /** What its result came to by its schedule's metrics; on a settle alone. */
  readonly measured?: MeasuredResult;
}

/**
 * Brings the sums up to date with a batch of the Jobs table's stream. It may be repeated: a sum's own fence keeps a change from being
 * counted twice.
 *
 * @throws {AlmanacError} `store.unavailable`; the stream then delivers the batch again.
 */
export async function followJobs(
  changes: readonly FollowedChange[],
  ports: FollowJobsPorts,
): Promise<void> {
  const sums = Map.groupBy(
    changes.flatMap(sumsOf),
    ({ scheduleId, part }) => `${scheduleId} ${part}`,
  );
  await Promise.all([...sums.values()].map((sum) => countInto(sum, ports.usage)));
}

interface SummedChange {
  readonly scheduleId: string;
  readonly part: UsagePart;
  readonly change: JobChange;
}

/** Each change counts in all, and on its day. */
function sumsOf(change: FollowedChange): readonly SummedChange[] {
  const { scheduleId, day } = change;
  return [
    { scheduleId, part: 'total', change },
    { scheduleId, part: `day#${day}`, change },
  ];
}

async function countInto(sum: readonly SummedChange[], store: UsageStore): Promise<void> {
  const [first] = sum;
  if (!first) return;
  const { scheduleId, part } = first;
  const changes = sum.map(({ change }) => change);
  await countFenced<Usage>({
    name: scheduleId,
    read: () => store.read(scheduleId, part),
    count: (read) => {
      const usage = countChanges(read ?? NO_USAGE, changes);
      return usage === NO_USAGE ? undefined : usage;
    },
    replace: (usage, read) => store.replace({ scheduleId, part, usage, read }),
  });
}
