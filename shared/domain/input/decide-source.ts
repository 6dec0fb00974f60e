import { type EpochSeconds, fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import type { ResultReference } from '#shared/domain/input/result-reference.ts';
import type { Job } from '#shared/domain/job/job.ts';

/** What a job that was found for a reference is good for. */
export interface SourceDecision {
  /** Whether the job's result can be read. */
  readonly isReadable: boolean;
  /** Why it should not be used; completes “got”. Absent where it may be. */
  readonly stale?: string;
}

/**
 * Decides whether a job's result may stand for a reference.
 *
 *    finishedAt            + maxAge              resultExpiresAt
 *        |── may be used ─────|── stale, still read ──|── stale, and gone
 *
 * @param job - The one that the reference picks; `undefined` where there is none.
 */
export function decideSource(
  { maxAgeSeconds }: Pick<ResultReference, 'maxAgeSeconds'>,
  job: Job | undefined,
  now: EpochSeconds,
): SourceDecision {
  if (!job) return { isReadable: false, stale: 'no such job' };
  const missing = whyMissing(job, now);
  if (missing !== undefined) return { isReadable: false, stale: `${job.id}, ${missing}` };
  const finishedAt = fromIso(job.finishedAt ?? '') ?? 0;
  const age = now - finishedAt;
  if (maxAgeSeconds === undefined || age <= maxAgeSeconds) return { isReadable: true };
  return {
    isReadable: true,
    stale: `${job.id}, which is ${age} s old and may be ${maxAgeSeconds} s`,
  };
}

function whyMissing(job: Job, now: EpochSeconds): string | undefined {
  const { state, outcome, content, resultExpiresAt = Number.POSITIVE_INFINITY } = job;
  if (state !== 'settled') return `which is still ${state}`;
  if (outcome !== 'success') return `which ended as ${outcome}`;
  if (!content) return 'whose result was not stored';
  if (content.kind === 'payload' && content.payload.encoding === undefined)
    return 'whose result is a file, of which an input can take nothing';
  return resultExpiresAt <= now ? `whose result expired at ${toIso(resultExpiresAt)}` : undefined;
}
