import { jobFromItem } from '#shared/adapters/dynamodb/job-item.ts';
import type { Evidence } from './find-violations.ts';
import type { Act } from './perform-acts.ts';
import type { Stage } from './stage.ts';

/** Looks at what acts have left behind. */
export async function gatherEvidence(
  acts: readonly Act[],
  stage: Stage,
): Promise<readonly Omit<Evidence, 'isDisturbed'>[]> {
  const objects = await stage.play.objectsBelow('');
  const messages = await stage.messages();
  return Promise.all(
    acts.map(async ({ id }) => {
      const { api, rowsOf } = stage.play;
      const [rows, usage, schedule] = await Promise.all([
        rowsOf(id),
        rowsOf(id, 'usage'),
        api.request('GET', `/v1/schedules/${id}`),
      ]);
      const total = usage.find(({ part }) => part === 'total');
      return {
        jobs: rows.map(jobFromItem),
        runs: stage.runs.filter(({ jobId }) => jobId.startsWith(`${id}@`)),
        objects: objects.filter((key) => key.includes(`/${id}/`)),
        messages: messages.filter((body) => body.includes(id)),
        counted: Object(total?.['jobs']),
        stored: countIn(total?.['written']) - countIn(total?.['removed']),
        sync: String(Object(Object(schedule.json).sync).state ?? schedule.status),
      };
    }),
  );
}

function countIn(stocks: unknown): number {
  const { inline, s3 }: Record<string, unknown> = Object(stocks);
  return Number(Object(inline).count ?? 0) + Number(Object(s3).count ?? 0);
}
