import { type Audit, afterPage } from '#shared/domain/audit/audit.ts';
import { isComparable } from '#shared/domain/audit/audited-job.ts';
import { countJob, countMissing, type SettledEntry } from '#shared/domain/audit/count-job.ts';
import { mayDiffer, toggleInTally } from '#shared/domain/audit/tally.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import type { AuditPorts } from './audit-ports.ts';
import { inParallel } from './in-parallel.ts';

/**
 * Counts a page of settled jobs, and takes those out of the tally that are to have an object: what is left in it in the end is what one
 * direction has found and the other has not.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function auditJobs(
  audit: Audit,
  startedAt: EpochSeconds,
  ports: AuditPorts,
): Promise<Audit> {
  const { entries, next } = await ports.jobs.page(audit.cursor);
  const jobs = entries.reduce((sum, entry) => countJob(sum, entry, startedAt), audit.findings.jobs);
  const tally = toggleInTally(audit.tally, comparableKeys(entries, startedAt));
  return afterPage(audit, { findings: { ...audit.findings, jobs }, tally, next }, ports.now());
}

/**
 * Goes through the settled jobs once more, and asks for each object that the tally cannot vouch for.
 *
 * It is asked for by name, and the row is read again: an object that was copied meanwhile has another name, and a job that was deleted
 * misses nothing.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function findMissing(
  audit: Audit,
  startedAt: EpochSeconds,
  ports: AuditPorts,
): Promise<Audit> {
  const { entries, next } = await ports.jobs.page(audit.cursor);
  const doubtful = entries.filter(
    (entry) => isComparable(entry, startedAt) && mayDiffer(audit.tally, entry.payloadKey ?? ''),
  );
  const isMissing = await inParallel(doubtful, (entry) => lacksObject(entry, ports));
  const missing = doubtful.filter((_, at) => isMissing[at]);
  const jobs = missing.reduce((sum, { key }) => countMissing(sum, key), audit.findings.jobs);
  return afterPage(audit, { findings: { ...audit.findings, jobs }, next }, ports.now());
}

function comparableKeys(
  entries: readonly SettledEntry[],
  startedAt: EpochSeconds,
): readonly string[] {
  return entries.flatMap((entry) =>
    entry.payloadKey !== undefined && isComparable(entry, startedAt) ? [entry.payloadKey] : [],
  );
}

/** The object first: a row that is read after it still points to it, or nobody misses it. */
async function lacksObject(
  { key, payloadKey = '' }: SettledEntry,
  { objects, jobs, now }: AuditPorts,
): Promise<boolean> {
  if (await objects.has(payloadKey)) return false;
  const row = (await jobs.rows([key])).get(jobId(key));
  return row?.payloadKey === payloadKey && (row.resultExpiresAt ?? 0) > now();
}
