import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { type Admission, decideAdmission } from '#shared/domain/job/decide-admission.ts';
import { decideSkip } from '#shared/domain/job/decide-skip.ts';
import { fireTimeOf } from '#shared/domain/job/job-key.ts';
import { leaseSecondsFor } from '#shared/domain/job/lease.ts';
import type { Outcome } from '#shared/domain/job/outcome.ts';
import { mayWait } from '#shared/domain/job/overlap.ts';
import { keyOfStart, type Start } from '#shared/domain/job/start.ts';
import { type Awaited, awaitTurn } from '#shared/runner/await-turn.ts';
import { claimJob, type Unclaimed } from '#shared/runner/claim-job.ts';
import type { UnrunEnd } from '#shared/runner/create-unrun.ts';
import { endTurn } from '#shared/runner/end-turn.ts';
import { type ClaimedEnd, type RunTask, runClaimed } from '#shared/runner/run-claimed.ts';
import { type Invocation, type RunnerPorts, secondsNow } from '#shared/runner/runner-ports.ts';
import { settleUnrun } from '#shared/runner/settle-unrun.ts';
import { type HeldSlots, scheduleSlotOf, takeTurn } from '#shared/runner/take-turn.ts';

/** What an invocation came to; it is also what a direct invocation is answered with. */
export type JobEnd =
  | ClaimedEnd
  /** The job's jitter is not over: the start comes again, through the queue, when it is. */
  | { readonly kind: 'early'; readonly until: EpochSeconds }
  /** Its turn has not come: the start comes again then, or at the given instant at the latest. */
  | { readonly kind: 'waiting'; readonly until: EpochSeconds }
  /** The job was settled without being run, by this start or before. */
  | { readonly kind: 'unrun'; readonly outcome: Outcome | undefined }
  /** Another attempt runs the job; this start was sent on where it names the attempt after it. */
  | { readonly kind: 'held'; readonly isSentOn: boolean }
  | { readonly kind: 'already-settled' | 'superseded' | 'dropped' };

/** A start that comes while its job's last attempt is still held is sent on by this much at most. */
const LONGEST_HOP_SECONDS = 30;

/**
 * Runs one start to its end: admits it, takes its turn, claims its job, runs the task and settles what came of it.
 *
 * @throws {AlmanacError} `store.unavailable` where an end could not be written; the failure destination takes it from there.
 */
export async function runJob(
  { start, run }: { readonly start: Start; readonly run: RunTask },
  invocation: Invocation,
  ports: RunnerPorts,
): Promise<JobEnd> {
  const admission = decideAdmission(start, secondsNow(ports));
  if (admission.kind === 'dropped') return { kind: 'dropped' };
  if (admission.kind === 'early') return sendLater(start, admission.until, ports);
  const refusal = await refusalOf(start, admission, ports);
  if (refusal) return leaveUnrun(start, refusal, ports);
  const remainingMs = invocation.remainingMs();
  const leaseUntil = secondsNow(ports) + leaseSecondsFor(remainingMs);
  const turn = await takeTurn(start, leaseUntil, ports);
  switch (turn.kind) {
    case 'left-out':
      return leaveUnrun(start, { outcome: 'skipped', error: turn.error }, ports);
    case 'waits':
      return notRun(start, await awaitTurn(start, turn.waitingFor, ports), ports);
    case 'has-turn':
      break;
  }
  const claim = await claimJob(start, remainingMs, ports);
  if (claim.kind !== 'claimed') {
    await endTurn(heldInVain(turn.held, claim, start), start, ports);
    return notRun(start, claim, ports);
  }
  const end = await runClaimed({ start, run, job: claim.job }, invocation, ports);
  await endTurn(heldToTheEnd(turn.held, end), start, ports);
  return end;
}

/** Settles a job that is not run; where its turn had come, or comes with the next start, others wait for that no longer. */
async function leaveUnrun(start: Start, end: UnrunEnd, ports: RunnerPorts): Promise<JobEnd> {
  const outcome = await settleUnrun(start, end, ports);
  if (outcome !== undefined && mayWait(start.policy.overlap))
    await endTurn({ schedule: scheduleSlotOf(start) }, start, ports);
  return { kind: 'unrun', outcome };
}

/** A job has its schedule's slot until it has settled; an attempt has its task's while it runs. */
function heldToTheEnd({ schedule, task }: HeldSlots, end: ClaimedEnd): HeldSlots {
  return { ...(end.kind === 'settled' && schedule && { schedule }), ...(task && { task }) };
}

/** The slots of a job that runs already are those of whoever runs it. */
function heldInVain({ schedule, task }: HeldSlots, claim: Unclaimed, start: Start): HeldSlots {
  const isRunning = claim.kind === 'held' && claim.attempt === start.attempt;
  return {
    ...(claim.kind === 'settled' && schedule && { schedule }),
    ...(!isRunning && task && { task }),
  };
}

async function notRun(start: Start, why: Awaited, ports: RunnerPorts): Promise<JobEnd> {
  switch (why.kind) {
    case 'waiting':
      return why;
    case 'held':
      return { kind: 'held', isSentOn: await sendOn(start, why, ports) };
    case 'settled':
      return { kind: 'already-settled' };
    case 'superseded':
      return { kind: 'superseded' };
  }
}

async function refusalOf(
  start: Start,
  admission: Admission,
  ports: RunnerPorts,
): Promise<UnrunEnd | undefined> {
  if (admission.kind === 'missed') return { outcome: 'missed', error: admission.error };
  if (admission.kind !== 'begin-if-wanted') return undefined;
  const status = await ports.schedules.read(start.scheduleId);
  const reason = decideSkip(status, fireTimeOf(keyOfStart(start)));
  return reason && { outcome: 'skipped', error: reason };
}

/** No lease is held meanwhile, and no Lambda runs. */
async function sendLater(start: Start, until: EpochSeconds, ports: RunnerPorts): Promise<JobEnd> {
  const starts = await ports.starts();
  await starts.send({ kind: 'start', notBefore: until, start });
  return { kind: 'early', until };
}

/**
 * Sends a start on that names the attempt after one that is still held: a retry's start overtook the write that lets its job go, or
 * the attempt died between the two.
 */
async function sendOn(
  start: Start,
  held: Extract<Unclaimed, { kind: 'held' }>,
  ports: RunnerPorts,
): Promise<boolean> {
  if (start.attempt !== held.attempt + 1) return false;
  const notBefore = Math.min(held.until, secondsNow(ports) + LONGEST_HOP_SECONDS);
  const starts = await ports.starts();
  await starts.send({ kind: 'start', notBefore, start });
  return true;
}
