import type { AuditEnd } from './audit-storage.ts';

/**
 * Says for the log what an invocation came to: a warning where a result is missing or an end waits for longer than it may, as only a
 * person can see to these.
 */
export function describeEnd(end: AuditEnd): {
  readonly level: 'info' | 'warn';
  readonly details: Readonly<Record<string, unknown>>;
} {
  if (end.kind !== 'done') return { level: 'info', details: { end: end.kind } };
  const { results, orphans, unsettled, jobs } = end.audit.findings;
  const details = {
    end: end.kind,
    objects: results.objects,
    bytes: results.bytes,
    orphans: orphans.objects,
    leftovers: unsettled.leftovers.objects,
    repaired: orphans.repaired + unsettled.leftovers.repaired,
    overdue: unsettled.overdue.objects,
    missing: jobs.missing.jobs,
  };
  return { level: details.missing + details.overdue > 0 ? 'warn' : 'info', details };
}
