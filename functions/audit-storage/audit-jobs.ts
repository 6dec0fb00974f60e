import { type Audit, afterPage } from '#shared/domain/audit/audit.ts';
import { isComparable, isLasting } from '#shared/domain/audit/audited-job.ts';
import { countJob, countMissing, type SettledEntry } from '#shared/domain/audit/count-job.ts';
import { mayDiffer, toggleInTally } from '#shared/domain/audit/tally.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { inParallel } from '#shared/domain/in-parallel.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import type { AuditPorts } from './audit-ports.ts';

/**
 * Counts a page of settled jobs, and takes those out of the tally that are to have an object: what is left in it in the end is what one
 * direction has found and the other has not. An object that jobs share is asked for at once, a single time for all of the page.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function auditJobs(
  audit: Audit,
  startedAt: EpochSeconds,
  ports: AuditPorts,
): Promise<Audit> {
  const { entries, next } = await ports.jobs.page(audit.cursor);
  const counted = entries.reduce(
    (sum, entry) => countJob(sum, entry, startedAt),
    audit.findings.jobs,
  );
  const missing = await missingAmong(sharersIn(entries, startedAt), ports);
  const jobs = missing.reduce((sum, { key }) => countMissing(sum, key), counted);
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
  const missing = await missingAmong(doubtful, ports);
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

function sharersIn(entries: readonly SettledEntry[], startedAt: EpochSeconds) {
  return entries.filter((entry) => isLasting(entry, startedAt) && !isComparable(entry, startedAt));
}

/**
 * Picks those whose object is not there, each object asked for once.
 *
 * The object first: a row that is read after it still points to it, or nobody misses it.
 */
async function missingAmong(
  entries: readonly SettledEntry[],
  { objects, jobs, now }: AuditPorts,
): Promise<readonly SettledEntry[]> {
  const keys = [...new Set(entries.map(({ payloadKey = '' }) => payloadKey))];
  const isThere = await inParallel(keys, (key) => objects.has(key));
  const gone = new Set(keys.filter((_, at) => !isThere[at]));
  const suspects = entries.filter(({ payloadKey = '' }) => gone.has(payloadKey));
  const rows = await jobs.rows(suspects.map(({ key }) => key));
  return suspects.filter(({ key, payloadKey }) => {
    const row = rows.get(jobId(key));
    return row?.payloadKey === payloadKey && (row?.resultExpiresAt ?? 0) > now();
  });
}
