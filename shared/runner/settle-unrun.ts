import { fenceOf } from '#shared/domain/job/decide-claim.ts';
import type { EndedAttempt } from '#shared/domain/job/ended-attempt.ts';
import type { JobError } from '#shared/domain/job/job.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import type { JobStanding, Settlement } from '#shared/domain/job/settlement.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import type { JobStore } from '#shared/ports/job-store.ts';
import { createUnrun, type UnrunEnd, unrunSettlement } from '#shared/runner/create-unrun.ts';

/**
 * Settles a job that this start does not run, unless someone else has begun or settled it.
 *
 * A job that waits for just this start is settled too: a queued one as given, one that waits for a retry with the end of the
 * attempt before.
 *
 * @returns The outcome that was written, or `undefined` where nothing was.
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function settleUnrun(
  start: Start,
  end: UnrunEnd,
  ports: {
    readonly jobs: Pick<JobStore, 'createSettled' | 'settle'>;
    readonly nowMs: () => number;
  },
): Promise<Outcome | undefined> {
  const written = await createUnrun(start, end, ports);
  if (written.kind === 'written') return end.outcome;
  if (!written.found || !isWaitingFor(written.found, start)) return undefined;
  const last = written.found.attempts?.at(-1);
  const settled = await ports.jobs.settle(
    keyOfStart(start),
    fenceOf(written.found),
    // The row has the error of the attempt before.
    last
      ? { ...unrunSettlement(start, last.outcome, ports), ...durationOf(last) }
      : { ...unrunSettlement(start, end.outcome, ports), error: errorOf(end, written.found) },
  );
  return settled.kind === 'written' ? (last?.outcome ?? end.outcome) : undefined;
}

/** A job that was kept from running says by what. */
function errorOf({ error }: UnrunEnd, { waitingFor }: JobStanding): JobError {
  if (waitingFor === undefined) return error;
  const whose = waitingFor.startsWith('slot:task:') ? 'of its task' : 'of its schedule';
  return { ...error, message: `${error.message} It waited for other jobs ${whose} to end.` };
}

function durationOf({ durationMs }: EndedAttempt): Pick<Settlement, 'durationMs'> {
  return durationMs === undefined ? {} : { durationMs };
}

function isWaitingFor(row: JobStanding, { attempt }: Start): boolean {
  return (row.state === 'queued' || row.state === 'retrying') && attempt === row.attempt + 1;
}
