import {
  AUDITED_BY_ALMANAC,
  type Audit,
  dailyAuditId,
  newAudit,
} from '#shared/domain/audit/audit.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { auditJobs, findMissing } from './audit-jobs.ts';
import { auditResults, auditUnsettled } from './audit-objects.ts';
import type { AuditPorts } from './audit-ports.ts';

/** How far an audit has come when an invocation lets it go. */
export type AuditEnd =
  | { readonly kind: 'done'; readonly audit: Audit }
  /** A message goes round the starts queue, and has it go on. */
  | { readonly kind: 'goes-on' }
  /** Another invocation of the same audit has come further. */
  | { readonly kind: 'overtaken' }
  /** It has expired, or there never was one. */
  | { readonly kind: 'unknown' };

/** So many pages are looked at between two saves: at a thousand objects each, less than a minute. */
const PAGES_PER_SAVE = 25;

/**
 * Begins the audit of a day, which each delivery of the same message finds again.
 *
 * @throws {AlmanacError} `store.unavailable`
 */
export async function beginDailyAudit(
  at: EpochSeconds,
  { audits, now }: Pick<AuditPorts, 'audits' | 'now'>,
): Promise<string> {
  const id = dailyAuditId(at);
  await audits.create(
    newAudit({ id, by: AUDITED_BY_ALMANAC, canRepair: true, requestedAt: now() }),
  );
  return id;
}

/**
 * Compares the payload bucket with the Jobs table, both ways, for as long as this invocation has time; the next one goes on.
 *
 *     results ── unsettled ── jobs ──┬── both ways the same ──────────▶ done
 *                                    └── missing: asks one by one ────▶ done
 *
 * In memory is a page at a time, and between pages a report of bounded size. All of it may be repeated: what was not saved is looked at
 * again, and garbage that has gone is not found again.
 *
 * @throws {AlmanacError} `store.unavailable`; Lambda then invokes it again, and it goes on from the last save.
 */
export async function auditStorage(id: string, ports: AuditPorts): Promise<AuditEnd> {
  const found = await ports.audits.read(id);
  if (!found) return { kind: 'unknown' };
  let audit = found;
  while (audit.phase !== 'done') {
    const further = { ...(await lookAtPages(audit, ports)), step: audit.step + 1 };
    if (!(await ports.audits.save(further, audit.step))) return { kind: 'overtaken' };
    audit = further;
    if (audit.phase !== 'done' && !ports.hasTime()) {
      await ports.queue.send({ kind: 'audit', auditId: id, notBefore: ports.now() });
      return { kind: 'goes-on' };
    }
  }
  return { kind: 'done', audit };
}

async function lookAtPages(audit: Audit, ports: AuditPorts): Promise<Audit> {
  const startedAt = audit.startedAt ?? ports.now();
  let further: Audit = { ...audit, startedAt };
  for (let page = 0; page < PAGES_PER_SAVE && further.phase !== 'done'; page += 1)
    further = await lookAtPage(further, startedAt, ports);
  return further;
}

function lookAtPage(audit: Audit, startedAt: EpochSeconds, ports: AuditPorts): Promise<Audit> {
  switch (audit.phase) {
    case 'results':
      return auditResults(audit, startedAt, ports);
    case 'unsettled':
      return auditUnsettled(audit, ports);
    case 'jobs':
      return auditJobs(audit, startedAt, ports);
    case 'missing':
      return findMissing(audit, startedAt, ports);
    case 'done':
      return Promise.resolve(audit);
  }
}
