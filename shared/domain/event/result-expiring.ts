import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { AlmanacEvent } from '#shared/domain/event/almanac-event.ts';
import { whichJob } from '#shared/domain/event/which-job.ts';
import type { Job } from '#shared/domain/job/job.ts';

/** That a result is about to expire is told so long before: time enough for a person to look, and to extend or pin it. */
export const EXPIRY_LEAD_SECONDS = 86_400;

/**
 * Tells that a job's result is about to expire.
 *
 * One whose time is set anew is told of again, under another id.
 *
 * @returns `undefined` for a job whose schedule does not ask for it, or whose result is not there to expire.
 */
export function resultExpiring(job: Job): AlmanacEvent | undefined {
  const { id, finishedAt, resultBytes, resultExpiresAt, content, announceExpiry } = job;
  if (!announceExpiry || !content || finishedAt === undefined || resultExpiresAt === undefined)
    return undefined;
  return {
    type: 'result.expiring',
    id: `${id}/result-expiring-${basicTime(resultExpiresAt)}`,
    subject: id,
    time: toIso(resultExpiresAt - EXPIRY_LEAD_SECONDS),
    data: {
      ...whichJob(job),
      finishedAt,
      ...(resultBytes !== undefined && { resultBytes }),
      resultExpiresAt: toIso(resultExpiresAt),
      metadata: job.metadata,
    },
  };
}

function basicTime(at: EpochSeconds): string {
  return toIso(at).replaceAll(/[-:]/g, '');
}
