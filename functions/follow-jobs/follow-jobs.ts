import { countChanges, type JobChange, NO_USAGE } from '#shared/domain/usage/usage.ts';
import type { UsagePart, UsageStore } from '#shared/ports/usage-store.ts';

/** What following needs: where sums are kept. */
export interface FollowJobsPorts {
  readonly usage: UsageStore;
}

/** A change of a job as it is followed: what counts, and of which schedule. */
export interface FollowedChange extends JobChange {
  readonly scheduleId: string;
  /** On which day it counts: that of the finish, or of the removal. The same however often the change is delivered. */
  readonly day: string;
}

/** Another delivery can count in between only this often before the batch is given back to the stream. */
const MOST_TRIES = 5;

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
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const read = await store.read(scheduleId, part);
    const usage = countChanges(
      read ?? NO_USAGE,
      sum.map(({ change }) => change),
    );
    if (usage === (read ?? NO_USAGE)) return;
    if (await store.replace({ scheduleId, part, usage, read })) return;
  }
  throw new Error(
    `Expected to count ${scheduleId} within ${MOST_TRIES} tries, got a concurrent count each time; the stream will deliver the batch again.`,
  );
}
