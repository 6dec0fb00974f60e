import { type Audit, afterPage } from '#shared/domain/audit/audit.ts';
import { isComparable } from '#shared/domain/audit/audited-job.ts';
import {
  decideObject,
  decideUnsettled,
  type ListedObject,
  type ObjectCase,
  type ObjectKind,
} from '#shared/domain/audit/decide-object.ts';
import { countResult, countUnsettled, type LookedAt } from '#shared/domain/audit/findings.ts';
import { toggleInTally } from '#shared/domain/audit/tally.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { type JobKey, jobId } from '#shared/domain/job/job-key.ts';
import { type ObjectName, parseObjectKey } from '#shared/domain/result/parse-object-key.ts';
import { RESULTS_PREFIX, UNSETTLED_PREFIX } from '#shared/domain/result/payload-class.ts';
import type { AuditPorts } from './audit-ports.ts';
import { repairObjects } from './repair-objects.ts';

/**
 * Looks at a page of results' objects, each beside its job's row, and deletes the orphans where the audit may.
 *
 *     list ── rows, read strongly ── decide ── delete, by the exact key
 *
 * Nothing can point to an orphan between the read and the delete: see `decideObject`.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function auditResults(
  audit: Audit,
  startedAt: EpochSeconds,
  ports: AuditPorts,
): Promise<Audit> {
  const now = ports.now();
  const { cases, next } = await casesOf(RESULTS_PREFIX, audit.cursor, ports);
  const looked = cases.map((one) => lookAt(one, { kind: kindOf(one, now), audit }, 'orphan'));
  await repairObjects(garbageIn(looked, 'an orphan'), ports);
  const comparable = cases.flatMap(({ object, job }) =>
    job?.row?.payloadKey === object.key && isComparable(job.row, startedAt) ? [object.key] : [],
  );
  const findings = looked.reduce((sum, one) => countResult(sum, one, now), audit.findings);
  return afterPage(audit, { findings, tally: toggleInTally(audit.tally, comparable), next }, now);
}

/**
 * Looks at a page of ends that could not be written to their rows, and deletes the leftovers where the audit may.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function auditUnsettled(audit: Audit, ports: AuditPorts): Promise<Audit> {
  const now = ports.now();
  const { cases, next } = await casesOf(UNSETTLED_PREFIX, audit.cursor, ports);
  const looked = cases.map((one) =>
    lookAt(
      one,
      { kind: one.job ? decideUnsettled({ ...one.job, now }) : 'unknown', audit },
      'leftover',
    ),
  );
  await repairObjects(garbageIn(looked, 'an end that was written, or is void'), ports);
  return afterPage(audit, { findings: looked.reduce(countUnsettled, audit.findings), next }, now);
}

function kindOf({ name, job }: PageCase, now: EpochSeconds): ObjectKind | 'shared' | 'unknown' {
  if (job) return decideObject({ ...job, now });
  return name?.kind === 'shared' ? 'shared' : 'unknown';
}

/** An object of a page; without a job where its key names none. */
interface PageCase {
  readonly object: ListedObject;
  readonly name: ObjectName | undefined;
  readonly job: Omit<ObjectCase, 'now'> | undefined;
}

async function casesOf(
  prefix: string,
  cursor: string | undefined,
  { objects, jobs }: AuditPorts,
): Promise<{ readonly cases: readonly PageCase[]; readonly next: string | undefined }> {
  const page = await objects.page(prefix, cursor);
  const read = page.objects.map((object) => ({ object, name: parseObjectKey(object.key) }));
  const keys = new Map<string, JobKey>();
  for (const { name } of read) {
    const key = keyIn(name);
    if (key) keys.set(jobId(key), key);
  }
  const rows = await jobs.rows([...keys.values()]);
  const cases = read.map(({ object, name }) => {
    const key = keyIn(name);
    return { object, name, job: key && { object, job: key, row: rows.get(jobId(key)) } };
  });
  return { cases, next: page.next };
}

function keyIn(name: ObjectName | undefined): JobKey | undefined {
  return name === undefined || name.kind === 'shared' ? undefined : name.place.key;
}

function lookAt<Kind extends string>(
  { object, name }: PageCase,
  { kind, audit }: { readonly kind: Kind; readonly audit: Audit },
  garbage: Kind,
): LookedAt<Kind> {
  return { object, name, kind, isRepaired: audit.canRepair && kind === garbage };
}

function garbageIn(looked: readonly LookedAt<string>[], what: string) {
  return looked.flatMap(({ object: { key }, isRepaired }) => (isRepaired ? [{ key, what }] : []));
}
