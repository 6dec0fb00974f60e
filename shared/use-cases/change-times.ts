import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { timesOf } from '#shared/domain/job/times-of.ts';
import type { PayloadMove } from '#shared/domain/result/decide-move.ts';
import type { RetentionChange } from '#shared/domain/result/decide-retention.ts';
import { payloadKey, sharedPayloadKeyIn } from '#shared/domain/result/payload-class.ts';
import type { PayloadPointer } from '#shared/domain/result/stored-result.ts';
import type { JobRetention, NewTimes } from '#shared/ports/job-retention.ts';
import type { PayloadCopies } from '#shared/ports/payload-store.ts';

/** What changing a job's times needs. */
export interface ChangeTimesPorts {
  readonly jobRetention: JobRetention;
  readonly payloadCopies: PayloadCopies;
  /** A new random name, from characters that an object's key takes as they are. */
  readonly newName: () => string;
}

const SECONDS_PER_DAY = 86_400;

/**
 * Gives a settled job other times, and its object a place that outlives them.
 *
 *     copy to the longer class ── pointer and times in one write ── the stream deletes the old object
 *
 * A crash after the copy leaves an object that its class's lifecycle rule takes; there is never a row without its object.
 *
 * @param decided.now - When that was decided: an object that is copied is kept from then on at least.
 * @returns The job as it is now; `undefined` where it is not as it was seen any more.
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function changeTimes(
  job: Job,
  { change, now }: { readonly change: RetentionChange; readonly now: EpochSeconds },
  ports: ChangeTimesPorts,
): Promise<Job | undefined> {
  const { expiry, ownExpiry, keep } = change;
  const payload = await move(job, { ...change, now }, ports);
  // The object has gone with its row, or to where another change has copied it.
  if (payload === 'gone') return undefined;
  const times: NewTimes = {
    expiry,
    ...(ownExpiry && { ownExpiry }),
    ...(keep && { keep }),
    ...(payload && { payload }),
  };
  if (!(await ports.jobRetention.change(job, times))) return undefined;
  const { ownExpiry: _o, resultExpiresAt: _r, heldBy: _h, keep: _k, ...rest } = job;
  return {
    ...rest,
    ...(payload && { content: { kind: 'payload', payload } }),
    ...timesOf(job, expiry, now),
    retentionRule: expiry.rule,
    ...(ownExpiry && { ownExpiry }),
    ...(keep && { keep, heldBy: job.key.scheduleId }),
  };
}

/** A copy of a job's own has a name of its own: of two changes at once, neither writes over the other's. */
async function move(
  { key, attempt, content }: Job,
  { moveTo, isShared, now }: PayloadMove & { readonly now: EpochSeconds },
  { payloadCopies, newName }: ChangeTimesPorts,
): Promise<PayloadPointer | 'gone' | undefined> {
  if (content?.kind !== 'payload' || moveTo === undefined) return undefined;
  const { payload } = content;
  const to = isShared
    ? sharedPayloadKeyIn(payload.key, moveTo)
    : payloadKey({ key, attempt, owner: newName() }, moveTo);
  if (!(await payloadCopies.copy(payload, to))) return 'gone';
  return { ...payload, key: to, keptUntil: toIso(now + moveTo * SECONDS_PER_DAY) };
}
