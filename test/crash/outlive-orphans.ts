import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import {
  PAYLOAD_CLASS_SLACK_DAYS,
  type PayloadClassDays,
  RESULTS_PREFIX,
} from '#shared/domain/result/payload-class.ts';
import { stopSweeps } from '#test/support/stop-sweeps.ts';
import { LARGE_BYTES } from './scenarios.ts';
import type { Stage } from './stage.ts';

const DAY = 86_400;

/** The longest class that a play's result lies in, that of `backdating`; others keep theirs for a day. */
const CLASS_DAYS: PayloadClassDays = 7;

/** S3 deletes at the midnight after. An end that waits to be written has no longer. */
const LIFECYCLE_SECONDS = (CLASS_DAYS + PAYLOAD_CLASS_SLACK_DAYS + 1) * DAY;

/** Keeps a large result for longer than the orphans may lie there. */
const KEPT_ID = 'kept-throughout';

/** What was nobody's before and after one lifecycle. */
export interface Outlived {
  /** The schedule whose result was kept throughout. */
  readonly id: string;
  readonly orphansBefore: number;
  /** Sentences; none where every orphan has gone, and what a row names has not. */
  readonly violations: readonly string[];
}

/**
 * Lets one lifecycle of the orphans' class go by, with nothing that would delete them sooner, and looks at the bucket: no object may lie there
 * that no row names, and what a row names still has to.
 *
 * @param ids - All schedules that have had jobs.
 */
export async function outliveOrphans(ids: readonly string[], stage: Stage): Promise<Outlived> {
  const { cloud, fireOnce } = stage.play;
  await stopSweeps(stage.play);
  await fireOnce({
    id: KEPT_ID,
    task: 'probe',
    input: { bytes: LARGE_BYTES },
    resultExpirationTime: '30d',
  });
  const all = [...ids, KEPT_ID];
  const before = await unnamedAmong(all, stage);
  await cloud.clock.advanceBy(LIFECYCLE_SECONDS);
  const after = await unnamedAmong(all, stage);
  return {
    id: KEPT_ID,
    orphansBefore: before.unnamed.length,
    violations: [
      ...after.unnamed.map((key) => `after a lifecycle: no row names ${key}`),
      ...after.missing.map((key) => `after a lifecycle: ${key} is missing`),
      ...(after.named === 1 ? [] : [`after a lifecycle: ${after.named} objects have a row, not 1`]),
    ],
  };
}

async function unnamedAmong(ids: readonly string[], { play }: Stage) {
  const objects = await play.objectsBelow('');
  const named = new Set<string>();
  for (const id of ids)
    for (const { content } of (await play.rowsOf(id)).map(jobFromItem))
      if (content?.kind === 'payload') named.add(content.payload.key);
  return {
    unnamed: objects.filter((key) => !named.has(key)),
    missing: [...named].filter((key) => !objects.includes(key)),
    named: objects.filter((key) => key.startsWith(RESULTS_PREFIX) && named.has(key)).length,
  };
}
