import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { beginByOf } from '#shared/domain/job/decide-admission.ts';
import { decideClaim, fenceOf, LEASE_GRACE_SECONDS } from '#shared/domain/job/decide-claim.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import { lookAgainAfter } from '#shared/domain/job/look-again.ts';
import type { SlotGroup } from '#shared/domain/job/slot.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import type { Unclaimed } from '#shared/runner/claim-job.ts';
import { type RunnerPorts, secondsNow } from '#shared/runner/runner-ports.ts';

/** What became of a job that has to wait for its turn. */
export type Awaited =
  /** Its start comes again at the latest then. */
  | { readonly kind: 'waiting'; readonly until: EpochSeconds }
  /** The job does not wait for this start. */
  | Unclaimed;

/**
 * Has a job wait for its turn: in its row and on the starts queue, and in no running Lambda.
 *
 *     fireTime        now        + half of that              the last instant to begin
 *        |─────────────|── waits ──|── its start comes again ──|── and then ends it as `missed`
 *
 * The start is sent before the row says so: a crash in between leaves one start too many. Where the row says that one is under way, none
 * is sent, so that starts that come twice do not add up.
 *
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function awaitTurn(
  start: Start,
  waitingFor: SlotGroup,
  ports: Pick<RunnerPorts, 'jobs' | 'starts' | 'turns' | 'nowMs'>,
): Promise<Awaited> {
  const now = secondsNow(ports);
  const key = keyOfStart(start);
  const { waiting } = await ports.turns();
  const standing = await waiting.standing(key);
  const decision = standing && decideClaim(standing, { owner: '', attempt: start.attempt, now });
  if (decision && decision.kind !== 'won' && decision.kind !== 'take-over') return decision;
  // This may be that start itself, on a machine whose clock is behind: it must not be the last.
  if (standing?.lookAgainAt !== undefined && standing.lookAgainAt > now + LEASE_GRACE_SECONDS)
    return { kind: 'waiting', until: standing.lookAgainAt };
  const until = Math.min(now + lookAgainAfter(now - fireTimeOf(key)), beginByOf(start) + 1);
  const starts = await ports.starts();
  await starts.send({ kind: 'start', notBefore: until, start });
  const noted = { waitingFor, lookAgainAt: until };
  if (!standing) await ports.jobs.createWaiting(start, noted);
  // The row of an attempt that died waits for nothing; its job does, by the start alone.
  else if (standing.state !== 'running') await ports.jobs.wait(start, fenceOf(standing), noted);
  return { kind: 'waiting', until };
}
