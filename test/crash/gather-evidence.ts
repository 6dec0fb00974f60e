import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import { rollupFromItem } from '#shared/adapters/dynamodb/rollup-item.ts';
import { type Grain, readRollupPart } from '#shared/domain/rollup/rollup-part.ts';
import type { Row } from '#test/support/play-on-cloud.ts';
import type { Evidence } from './find-violations.ts';
import { type Act, schedulesOf } from './perform-acts.ts';
import type { Stage } from './stage.ts';

/** What is looked at; whether anything went wrong is known elsewhere. */
type Left = Omit<Evidence, 'isDisturbed'>;

/** Looks at what acts have left behind. */
export async function gatherEvidence(acts: readonly Act[], stage: Stage): Promise<readonly Left[]> {
  const objects = await stage.play.objectsBelow('');
  const messages = await stage.messages();
  const evidence: Left[] = [];
  // One act after the other: hundreds of requests at once would only wait for each other.
  for (const act of acts) {
    const schedules = await Promise.all(schedulesOf(act).map((id) => readSchedule(id, stage)));
    evidence.push({
      jobs: schedules.flatMap(({ jobs }) => jobs),
      runs: stage.runs.filter(({ jobId }) => jobId.startsWith(act.id)),
      objects: objects.filter((key) => key.includes(act.id)),
      messages: messages.filter((body) => body.includes(act.id)),
      counted: summed(schedules.map(({ counted }) => counted)),
      stored: schedules.reduce((sum, { stored }) => sum + stored, 0),
      measured: {
        hour: schedules.reduce((sum, { measured }) => sum + measured.hour, 0),
        day: schedules.reduce((sum, { measured }) => sum + measured.day, 0),
      },
      sync: schedules.map(({ sync }) => sync).find((sync) => !IS_FOLLOWED.has(sync)) ?? 'active',
    });
  }
  return evidence;
}

const IS_FOLLOWED: ReadonlySet<string> = new Set(['active', 'completed']);

async function readSchedule(
  id: string,
  { play: { api, rowsOf } }: Stage,
): Promise<Pick<Left, 'jobs' | 'counted' | 'stored' | 'measured' | 'sync'>> {
  const [rows, usage, schedule] = await Promise.all([
    rowsOf(id),
    rowsOf(id, 'usage'),
    api.request('GET', `/v1/schedules/${id}`),
  ]);
  const total = usage.find(({ part }) => part === 'total');
  return {
    jobs: rows.map(jobFromItem),
    counted: Object(total?.['jobs']),
    stored: countIn(total?.['written']) - countIn(total?.['removed']),
    measured: { hour: measuredBy('hour', usage), day: measuredBy('day', usage) },
    sync: String(Object(Object(schedule.json).sync).state ?? schedule.status),
  };
}

/** Each result has the one number that is counted. */
function measuredBy(grain: Grain, items: readonly Row[]): number {
  return items
    .filter(({ part }) => readRollupPart(String(part))?.grain === grain)
    .flatMap((item) => [...rollupFromItem(item).metrics.values()])
    .reduce((sum, { count }) => sum + count, 0);
}

function countIn(stocks: unknown): number {
  const { inline, s3 }: Record<string, unknown> = Object(stocks);
  return Number(Object(inline).count ?? 0) + Number(Object(s3).count ?? 0);
}

function summed(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [outcome, count] of counts.flatMap(Object.entries<number>))
    sum[outcome] = (sum[outcome] ?? 0) + count;
  return sum;
}
