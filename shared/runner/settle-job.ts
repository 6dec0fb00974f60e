import type { ClaimedJob, Fence, JobStanding, Settlement } from '#shared/domain/job/settlement.ts';
import { encodeUnsettledJob } from '#shared/domain/job/unsettled-job.ts';
import { unsettledKey } from '#shared/domain/result/payload-class.ts';
import type { RunnerPorts } from '#shared/runner/runner-ports.ts';

/** What became of an attempt's end: written, or of no effect as the job has been taken from the attempt. */
export type Settled = 'settled' | 'fenced-off';

/**
 * Writes an attempt's end to its row; where the row cannot be written, to the payload bucket.
 *
 *     settle ── written ─────────────────────────────▶ settled
 *        ├───── refused, but by our own settle ──────▶ settled
 *        ├───── refused ─────────────────────────────▶ fenced-off, nothing written
 *        └───── no answer ── unsettled/… ── throw ───▶ the failure destination completes it
 *
 * @throws {AlmanacError} `store.unavailable`, after the end is safe in the bucket.
 */
export async function settleJob(
  job: ClaimedJob,
  settlement: Settlement,
  ports: Pick<RunnerPorts, 'jobs' | 'payloads'>,
): Promise<Settled> {
  try {
    const written = await ports.jobs.settle(job.key, runningFence(job), settlement);
    if (written.kind === 'written') return 'settled';
    const isOurs = written.found && isOurSettle(written.found, job, settlement);
    return isOurs ? 'settled' : 'fenced-off';
  } catch (error) {
    const { key, attempt, owner } = job;
    const payloads = await ports.payloads();
    await payloads.putUnsettled(
      unsettledKey(job),
      encodeUnsettledJob({ key, attempt, owner, settlement }),
    );
    throw error;
  }
}

/** The standing that an attempt's own writes are made conditional on. */
export function runningFence({ attempt, owner }: ClaimedJob): Fence {
  return { state: 'running', attempt, owner };
}

/**
 * The client tries again where an answer was lost, and then finds what its first try wrote. A later job that ends this one settles it
 * under the same owner, and otherwise than its own attempt.
 */
function isOurSettle(
  found: JobStanding,
  { attempt, owner }: ClaimedJob,
  { outcome }: Settlement,
): boolean {
  return (
    found.state === 'settled' &&
    found.attempt === attempt &&
    found.owner === owner &&
    found.outcome === outcome
  );
}
