import { fenceOf } from '#shared/domain/job/decide-claim.ts';
import { FOREIGN_LEASE_SECONDS } from '#shared/domain/job/foreign-lease.ts';
import type { ClaimedJob, Settlement } from '#shared/domain/job/settlement.ts';
import { deliverByOf, factsOf } from '#shared/domain/job/start.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import type { JobStore } from '#shared/ports/job-store.ts';
import type { WallClock } from '#shared/ports/wall-clock.ts';
import type { StoreResultPorts } from '#shared/runner/result-context.ts';
import { storeResult } from '#shared/runner/store-result.ts';
import type { ForeignEnd } from './read-foreign-end.ts';

/** What settling needs. */
export interface SettleForeignPorts extends StoreResultPorts {
  readonly now: WallClock;
  readonly jobs: Pick<JobStore, 'createSettled' | 'settle'>;
}

/** What was done about an end. */
export type ForeignSettled =
  | 'settled'
  /** By an end of another invocation of the same job, or this one's before. */
  | 'already-settled'
  /** It tells of a job whose row would have gone by now: it may have come and gone. */
  | 'too-late';

/**
 * Settles the job of an adopted task at its end, once.
 *
 *     the function runs ── its end, by Lambda's destination ── no row, or a queued one ──▶ settled
 *                                                          └── a settled row ──▶ nothing
 *
 * There is no claim before it: of two starts that both ran the function, the end that comes first counts.
 *
 * @throws {AlmanacError} `store.unavailable`; the queue then delivers the end again.
 */
export async function settleForeign(
  ended: ForeignEnd,
  ports: SettleForeignPorts,
): Promise<ForeignSettled> {
  const settlement = settlementOf(ended);
  if (settlement.expiry.expiresAt <= ports.now()) return 'too-late';
  const job = jobOf(ended);
  const { end } = ended;
  const result =
    end.kind === 'returned'
      ? await storeResult(end.value, { job, settlement, policy: ended.start.policy }, ports)
      : undefined;
  const whole: Settlement = { ...settlement, ...(result && { result }), writtenAt: ports.now() };
  const { key, task, revision, deliverBy, metadata, attempt } = job;
  const facts = { key, task, revision, deliverBy, metadata, attempt };
  const created = await ports.jobs.createSettled(facts, whole);
  if (created.kind === 'written') return 'settled';
  if (created.found?.state !== 'queued') return 'already-settled';
  const written = await ports.jobs.settle(key, fenceOf(created.found), whole);
  return written.kind === 'written' ? 'settled' : 'already-settled';
}

function settlementOf({ start, end, endedAt }: ForeignEnd): Settlement {
  const outcome = end.kind === 'returned' ? 'success' : end.outcome;
  return {
    outcome,
    finishedAt: endedAt,
    ...(end.kind === 'failed' && { error: end.error }),
    expiry: resolveExpiry({
      policy: start.policy,
      outcome,
      finishedAt: endedAt,
      deliverBy: deliverByOf(start),
      leaseSeconds: FOREIGN_LEASE_SECONDS,
    }),
  };
}

/** The job as if it had been claimed by its invocation at its end: a large result lies under the name of that invocation. */
function jobOf({ start, attempt, requestId, endedAt }: ForeignEnd): ClaimedJob {
  return {
    ...factsOf(start),
    attempt,
    owner: requestId,
    startedAt: endedAt,
    leaseUntil: endedAt,
  };
}
