import { type AuditedJob, isLasting } from '#shared/domain/audit/audited-job.ts';
import { addExample, type JobFindings, type JobWeight } from '#shared/domain/audit/findings.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import { DAY_SECONDS } from '#shared/domain/triggers/civil-date.ts';
import { dayOf, dayStart } from '#shared/domain/utc-day.ts';

/** A settled job as the index of all settled jobs tells it. */
export interface SettledEntry extends AuditedJob {
  readonly key: JobKey;
  readonly expiresAt: EpochSeconds;
  /** What its object takes; 0 where it has none. */
  readonly storedBytes: number;
}

/** A report says by day what leaves in so many days; of what leaves later it has the sum. */
export const HORIZON_DAYS = 30;

/** Counts a settled job, and when it leaves. */
export function countJob(
  findings: JobFindings,
  entry: SettledEntry,
  startedAt: EpochSeconds,
): JobFindings {
  const { settled, compared, notCompared, leaving } = findings;
  const isCompared = isLasting(entry, startedAt);
  const isLarge = entry.payloadKey !== undefined;
  return {
    ...findings,
    settled: settled + 1,
    compared: compared + (isCompared ? 1 : 0),
    notCompared: notCompared + (isLarge && !isCompared ? 1 : 0),
    leaving: countLeaving(leaving, entry, startedAt),
  };
}

/** Counts a job whose row points to an object that is not there. */
export function countMissing(findings: JobFindings, key: JobKey): JobFindings {
  const { jobs, examples } = findings.missing;
  return {
    ...findings,
    missing: { jobs: jobs + 1, examples: addExample(examples, jobId(key)) },
  };
}

function countLeaving(
  leaving: JobFindings['leaving'],
  entry: SettledEntry,
  startedAt: EpochSeconds,
): JobFindings['leaving'] {
  const { expiresAt } = entry;
  if (expiresAt <= startedAt) return { ...leaving, expired: addJob(leaving.expired, entry) };
  if (expiresAt >= dayStart(startedAt) + HORIZON_DAYS * DAY_SECONDS)
    return { ...leaving, later: addJob(leaving.later, entry) };
  const day = dayOf(expiresAt);
  return { ...leaving, byDay: { ...leaving.byDay, [day]: addJob(leaving.byDay[day], entry) } };
}

function addJob(
  { jobs, objects, bytes }: JobWeight = { jobs: 0, objects: 0, bytes: 0 },
  { payloadKey, storedBytes }: SettledEntry,
): JobWeight {
  return {
    jobs: jobs + 1,
    objects: objects + (payloadKey === undefined ? 0 : 1),
    bytes: bytes + storedBytes,
  };
}
