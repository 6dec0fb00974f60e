import { type EpochSeconds, fromIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import {
  isSharedPayload,
  type PayloadClassDays,
  payloadClassFor,
  sharedClassFor,
} from '#shared/domain/result/payload-class.ts';

/** Where a result's object is copied to before its job gets times that it would not outlive; without members: it stays where it is. */
export interface PayloadMove {
  readonly moveTo?: PayloadClassDays;
  /** The copy is shared by all jobs of the schedule that returned the same. */
  readonly isShared?: true;
}

/**
 * Decides whether a job's new times need its object in a longer lifecycle class, which knows nothing of its job.
 *
 * A shared object goes to where a job that settles with the new times would put it, so that all that share it share the copy; unless this
 * job is to keep it for years, which the others shall not.
 *
 * @param mayShare - Whether the times are a policy's own, and not those of a job that is pinned or held.
 */
export function decideMove(
  { content, finishedAt = '' }: Job,
  { resultExpiresAt = 0 }: { readonly resultExpiresAt?: EpochSeconds },
  { now, mayShare }: { readonly now: EpochSeconds; readonly mayShare: boolean },
): PayloadMove {
  if (content?.kind !== 'payload') return {};
  const { key, keptUntil } = content.payload;
  if (resultExpiresAt <= (fromIso(keptUntil) ?? 0)) return {};
  if (!mayShare || !isSharedPayload(key)) return { moveTo: payloadClassFor(resultExpiresAt - now) };
  const keptSeconds = resultExpiresAt - (fromIso(finishedAt) ?? now);
  return { moveTo: sharedClassFor(keptSeconds), isShared: true };
}
