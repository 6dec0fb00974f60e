import { auditResource } from '#shared/contracts/audits.ts';
import type { CloudPlay } from '#test/support/play-on-cloud.ts';

/** What an audit has found. */
export interface Audited {
  /** Sentences; none where all is well. */
  readonly violations: readonly string[];
  /** Jobs whose row points to nothing. */
  readonly missing: number;
  readonly orphans: number;
  /** Results that lie in the bucket. */
  readonly objects: number;
  readonly jobs: number;
}

/**
 * Has the stack audit its own bucket after all that has gone wrong: no row may point to nothing, and no object may lie there that
 * belongs to no job.
 *
 * Orphans there may be, of attempts that died; their lifecycle rules take them, which is looked at in the end.
 */
export async function auditBucket({ api, cloud }: CloudPlay): Promise<Audited> {
  const begun = await api.request('POST', '/v1/audits');
  await cloud.settle();
  const { json } = await api.request('GET', begun.headers.get('location') ?? '');
  const { state, missing, unknown, orphans, results, settledJobs } = auditResource.parse(json);
  const violations = [
    ...(state === 'done' ? [] : [`the audit is ${state}`]),
    ...(missing.jobs === 0
      ? []
      : [`${missing.jobs} results are missing: ${missing.examples.join(', ')}`]),
    ...(unknown.objects === 0
      ? []
      : [`${unknown.objects} objects are nobody's: ${unknown.examples.join(', ')}`]),
  ].map((what) => `audit: ${what}`);
  return {
    violations,
    missing: missing.jobs,
    orphans: orphans.objects,
    objects: results.objects,
    jobs: settledJobs.count,
  };
}
