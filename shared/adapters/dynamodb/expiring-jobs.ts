import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createExpiredJobs } from '#shared/adapters/dynamodb/expired-jobs.ts';
import type { ExpiryPlace } from '#shared/domain/archive/archive-progress.ts';
import { dayOf } from '#shared/domain/utc-day.ts';
import type { ExpiringJobs } from '#shared/ports/expiring-jobs.ts';

/** So many rows are in memory at once: with their results, which are small where they lie in the row, some 2 MB at most. */
const PAGE = 100;

/** Reads jobs of the Jobs table by the index of those that something happens to when they expire. */
export function createExpiringJobs(client: DynamoDBDocumentClient, table: string): ExpiringJobs {
  const expired = createExpiredJobs(client, table);
  return {
    within: async function* (span, shard) {
      const place = { day: dayOf(span.from), shard, span };
      let after: ExpiryPlace | undefined;
      for (;;) {
        const page = await expired.page(place, PAGE, after);
        const rows = await expired.rows(page.entries.map(({ key }) => key));
        yield [...rows.values()];
        if (page.isLast) return;
        after = page.entries.at(-1);
      }
    },
  };
}
