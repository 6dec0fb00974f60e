import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { jobKeyOf } from '#shared/domain/job/job-key.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import { dayStart } from '#shared/domain/utc-day.ts';
import { aJob } from '#test/support/a-job.ts';
import { FIRE_TIME } from '#test/support/a-start.ts';
import { JOBS_TABLE } from '#test/support/jobs-table.ts';
import { settledItem } from '#test/support/settled-item.ts';

/** The day of which all jobs are. */
export const DAY = FIRE_TIME;

/** The schedule that a tenth of the jobs are of. */
export const BUSY_SCHEDULE = 'busy';

/** DynamoDB writes at most this many items in one batch. */
const BATCH = 25;

/** So many batches are under way at once. */
const AT_ONCE = 8;

/** Stores settled jobs, spread evenly over a day: a tenth failed, a hundredth are of the task `rare`. */
export async function storeJobs(client: DynamoDBDocumentClient, count: number): Promise<void> {
  for (let first = 0; first < count; first += BATCH * AT_ONCE)
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, batch) =>
        storeBatch(client, first + batch * BATCH, count),
      ),
    );
}

async function storeBatch(
  client: DynamoDBDocumentClient,
  first: number,
  count: number,
): Promise<void> {
  const numbers = Array.from({ length: BATCH }, (_, at) => first + at).filter((at) => at < count);
  if (numbers.length === 0) return;
  const requests = numbers.map((at) => ({ PutRequest: { Item: settledItem(jobAt(at, count)) } }));
  await client.send(new BatchWriteCommand({ RequestItems: { [JOBS_TABLE]: requests } }));
}

function jobAt(number: number, count: number): Job {
  const finishedAt = dayStart(DAY) + Math.floor((number * DAY_SECONDS) / count);
  const scheduleId = number % 10 === 0 ? BUSY_SCHEDULE : `schedule-${number % 997}`;
  return aJob({
    // One schedule fires once in a second at most, so the jobs of one lie back in time.
    key: jobKeyOf(scheduleId, finishedAt - number),
    finishedAt: toIso(finishedAt),
    outcome: number % 10 === 3 || number % 100 === 10 ? 'error' : 'success',
    task: number % 100 === 7 ? 'rare' : 'sales-report',
    metadata: { team: number % 2 === 0 ? 'sales' : 'it' },
    resultExpiresAt: DAY + 30 * DAY_SECONDS,
    expiresAt: DAY + 30 * DAY_SECONDS,
  });
}
