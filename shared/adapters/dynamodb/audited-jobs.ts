import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { batchGet } from '#shared/adapters/dynamodb/batch-get.ts';
import { throwUnavailable } from '#shared/adapters/store-fault.ts';
import type { AuditedJob } from '#shared/domain/audit/audited-job.ts';
import type { SettledEntry } from '#shared/domain/audit/count-job.ts';
import { JOB_STATES } from '#shared/domain/job/job.ts';
import { BY_DAY } from '#shared/domain/job/job-index.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import type { AuditedJobs, SettledPage } from '#shared/ports/audited-jobs.ts';

/** So many settled jobs are read at once. */
const PAGE_SIZE = 1_000;

const entry = z.object({
  scheduleId: z.string(),
  fireTime: z.string(),
  finishedAt: z.string().exactOptional(),
  resultExpiresAt: z.int().exactOptional(),
  expiresAt: z.int().default(0),
  payload: z.object({ key: z.string(), storedBytes: z.number() }).exactOptional(),
});

const row = entry.extend({ state: z.enum(JOB_STATES) });

/**
 * Reads jobs as an audit does.
 *
 * All settled jobs are a scan of the index `byDay`, whose entries hold no results: a day at a time it would be 16 queries for each of ten
 * years' days.
 */
export function createAuditedJobs(client: DynamoDBDocumentClient, table: string): AuditedJobs {
  return {
    rows: (keys) =>
      available(async () => {
        const { items } = await batchGet(
          client,
          table,
          keys.map((key) => ({ ...key })),
        );
        return new Map(items.map(rowFromItem));
      }),
    page: (after) => available(() => readPage(client, table, after)),
  };
}

function rowFromItem(item: unknown): readonly [string, AuditedJob] {
  const { scheduleId, fireTime, payload, state, finishedAt, resultExpiresAt } = row.parse(item);
  return [
    jobId({ scheduleId, fireTime }),
    {
      state,
      ...(payload && { payloadKey: payload.key }),
      ...(finishedAt !== undefined && { finishedAt }),
      ...(resultExpiresAt !== undefined && { resultExpiresAt }),
    },
  ];
}

async function readPage(
  client: DynamoDBDocumentClient,
  table: string,
  after: string | undefined,
): Promise<SettledPage> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: table,
      IndexName: BY_DAY,
      Limit: PAGE_SIZE,
      ...(after !== undefined && { ExclusiveStartKey: indexKey.parse(JSON.parse(after)) }),
    }),
  );
  return {
    entries: Items.map(entryFromItem),
    ...(LastEvaluatedKey && { next: JSON.stringify(LastEvaluatedKey) }),
  };
}

const indexKey = z.record(z.string(), z.string());

function entryFromItem(item: unknown): SettledEntry {
  const { scheduleId, fireTime, payload, ...times } = entry.parse(item);
  return {
    key: { scheduleId, fireTime },
    state: 'settled',
    ...times,
    storedBytes: payload?.storedBytes ?? 0,
    ...(payload && { payloadKey: payload.key }),
  };
}

async function available<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    return throwUnavailable(error, 'the Jobs table');
  }
}
