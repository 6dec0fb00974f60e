import type * as z from 'zod';
import type { auditResource as resource } from '#shared/contracts/audits.ts';
import type { Audit } from '#shared/domain/audit/audit.ts';
import { largestOf } from '#shared/domain/audit/rank-schedules.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';

/** Writes an audit as the API answers it. */
export function auditResource(audit: Audit): z.output<typeof resource> {
  const { id, by, canRepair, requestedAt, startedAt, finishedAt, phase, findings } = audit;
  const { results, byClass, byAge, ranked, orphans, shared, pending } = findings;
  const { unknown, unsettled, jobs } = findings;
  const { settled, compared, notCompared, missing, leaving } = jobs;
  return {
    id,
    state: stateOf(audit),
    ...(phase !== 'done' && { phase }),
    by,
    repair: canRepair,
    requestedAt: toIso(requestedAt),
    ...(startedAt !== undefined && { startedAt: toIso(startedAt) }),
    ...(finishedAt !== undefined && { finishedAt: toIso(finishedAt) }),
    results: {
      ...results,
      byClass: { ...byClass },
      byAge: { ...byAge },
      largest: [...largestOf(ranked)],
    },
    orphans: listed(orphans),
    shared,
    pending,
    unknown: listed(unknown),
    unsettled: {
      waiting: unsettled.waiting,
      overdue: listed(unsettled.overdue),
      leftovers: listed(unsettled.leftovers),
    },
    missing: listed(missing),
    settledJobs: { count: settled, compared, notCompared },
    leaving: { ...leaving, byDay: { ...leaving.byDay } },
  };
}

function stateOf({ phase, startedAt }: Audit): 'queued' | 'running' | 'done' {
  if (phase === 'done') return 'done';
  return startedAt === undefined ? 'queued' : 'running';
}

function listed<Named extends { readonly examples: readonly string[] }>(
  named: Named,
): Omit<Named, 'examples'> & { examples: string[] } {
  return { ...named, examples: [...named.examples] };
}
