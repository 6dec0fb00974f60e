import type { ExpirySpan } from '#shared/domain/event/announced-span.ts';
import type { Job } from '#shared/domain/job/job.ts';

/** The jobs that something happens to at their expiry, or before it. */
export interface ExpiringJobs {
  /**
   * Reads those of a shard that were to expire within a span of one day, page by page, as their rows stand now.
   *
   * Found by an index: what was written within the last moments may be missing, and a row may have another time by now.
   *
   * @throws {AlmanacError} `store.unavailable`.
   */
  within(span: ExpirySpan, shard: number): AsyncIterable<readonly Job[]>;
}
