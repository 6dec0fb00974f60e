import { type AuditFindings, NO_FINDINGS } from '#shared/domain/audit/findings.ts';
import { emptyTally, isLevel, type Tally } from '#shared/domain/audit/tally.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { dayOf } from '#shared/domain/utc-day.ts';

/**
 * What an audit goes through, in this order: the objects of results, those of ends that were not written, the settled jobs; and these
 * again, where the two directions differ.
 */
export const AUDIT_PHASES = ['results', 'unsettled', 'jobs', 'missing', 'done'] as const;

export type AuditPhase = (typeof AUDIT_PHASES)[number];

/** An audit of the payload bucket and the Jobs table, as far as it has come. */
export interface Audit {
  /** `2026-11-23`, the day, of the daily one; with `-` and a ULID behind it of one that someone asked for. */
  readonly id: string;
  /** The ARN of whoever asked for it; `almanac` for the daily one. */
  readonly by: string;
  /** Whether it deletes the garbage that it finds. */
  readonly canRepair: boolean;
  readonly requestedAt: EpochSeconds;
  /** Absent until it begins. What settles later is not compared. */
  readonly startedAt?: EpochSeconds;
  readonly finishedAt?: EpochSeconds;
  readonly phase: AuditPhase;
  /** Where the phase goes on; absent at its beginning. */
  readonly cursor?: string;
  /** Counts its saves, so that of two deliveries of one message one is heeded. */
  readonly step: number;
  readonly findings: AuditFindings;
  /** The large results that are to be there, by the keys of their objects: as the objects' rows say, and as the list of jobs does. */
  readonly tally: Tally;
}

/** Reports are kept for so long: a quarter. */
export const AUDIT_KEPT_SECONDS = 90 * 86_400;

/** What the ids of audits look like. */
export const AUDIT_ID_PATTERN = /^\d{4}-\d{2}-\d{2}(?:-[0-9A-Z]{26})?$/;

/** Names the daily audit, which each delivery of its message on that day finds again. */
export function dailyAuditId(at: EpochSeconds): string {
  return dayOf(at);
}

/** Who asks for the daily audit. */
export const AUDITED_BY_ALMANAC = 'almanac';

/** Makes an audit that has yet to begin. */
export function newAudit(request: Pick<Audit, 'id' | 'by' | 'canRepair' | 'requestedAt'>): Audit {
  return { ...request, phase: 'results', step: 0, findings: NO_FINDINGS, tally: emptyTally() };
}

/**
 * Brings an audit forward by a page: on within its phase, or to the next one. Where both directions found the same, nothing is looked for
 * once more.
 *
 * @param next - Where the phase goes on; absent at its end.
 */
export function afterPage(
  audit: Audit,
  page: {
    readonly findings: AuditFindings;
    readonly tally?: Tally;
    readonly next: string | undefined;
  },
  now: EpochSeconds,
): Audit {
  const { findings, tally = audit.tally, next } = page;
  const { cursor: _, ...rest } = audit;
  const counted = { ...rest, findings, tally };
  if (next !== undefined) return { ...counted, cursor: next };
  const following = AUDIT_PHASES[AUDIT_PHASES.indexOf(audit.phase) + 1] ?? 'done';
  const phase = following === 'missing' && isLevel(tally) ? 'done' : following;
  return { ...counted, phase, ...(phase === 'done' && { finishedAt: now }) };
}
