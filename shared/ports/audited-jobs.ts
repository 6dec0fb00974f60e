import type { AuditedJob } from '#shared/domain/audit/audited-job.ts';
import type { SettledEntry } from '#shared/domain/audit/count-job.ts';
import type { JobKey } from '#shared/domain/job/job-key.ts';

/** The Jobs table, as an audit looks at it. */
export interface AuditedJobs {
  /**
   * Reads the rows of jobs strongly, by the jobs' ids; those that have none are left out.
   *
   * @param keys - Each once.
   * @throws {AlmanacError} `store.unavailable`, as all methods do.
   */
  rows(keys: readonly JobKey[]): Promise<ReadonlyMap<string, AuditedJob>>;
  /**
   * Goes through all settled jobs, in no order; what has just settled may be missing.
   *
   * @param after - What the page before gave as `next`.
   */
  page(after: string | undefined): Promise<SettledPage>;
}

export interface SettledPage {
  readonly entries: readonly SettledEntry[];
  /** Absent at the end. */
  readonly next?: string;
}
