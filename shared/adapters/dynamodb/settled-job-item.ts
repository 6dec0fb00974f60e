import * as z from 'zod';
import { indexValues } from '#shared/adapters/dynamodb/job-item.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import { tagsIn } from '#shared/domain/job/job-tags.ts';
import { OUTCOMES } from '#shared/domain/job/outcome.ts';
import type { SettledJob } from '#shared/domain/job/settled-job.ts';
import { RESULT_STATES } from '#shared/domain/result/stored-result.ts';

const settledJobItem = z.object({
  scheduleId: z.string(),
  fireTime: z.string(),
  task: z.string(),
  outcome: z.enum(OUTCOMES),
  attempt: z.int(),
  startedAt: z.string().exactOptional(),
  finishedAt: z.string(),
  durationMs: z.number().exactOptional(),
  resultState: z.enum(RESULT_STATES).exactOptional(),
  resultBytes: z.number().exactOptional(),
  isChanged: z.literal(true).exactOptional(),
  resultExpiresAt: z.int().exactOptional(),
  expiresAt: z.int().exactOptional(),
  indexes: indexValues.exactOptional(),
  tags: z.string().default('').transform(tagsIn),
});

/**
 * Reads a job from its entry in `byDay` or `byFailure`.
 *
 * @throws a schema error for an entry that Almanac did not write.
 */
export function settledJobFromItem(item: unknown): SettledJob {
  const { scheduleId, fireTime, ...rest } = settledJobItem.parse(item);
  const key: JobKey = { scheduleId, fireTime };
  return { key, id: jobId(key), ...rest };
}
