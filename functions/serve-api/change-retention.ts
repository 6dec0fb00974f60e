import { AlmanacError } from '#shared/domain/almanac-error.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { decideRetention, type RetentionRequest } from '#shared/domain/result/decide-retention.ts';
import type { JobReader } from '#shared/ports/job-store.ts';
import { type ChangeTimesPorts, changeTimes } from '#shared/use-cases/change-times.ts';
import { expired, findJob } from './find-result.ts';
import { invalidRequest } from './invalid-request.ts';

/** What a change of a job's times that someone asks for needs. */
export interface ChangeRetentionPorts extends ChangeTimesPorts {
  readonly jobs: Pick<JobReader, 'get'>;
}

/** When a change is asked for, and what it may not pass. */
export interface RetentionLimits {
  readonly now: EpochSeconds;
  readonly longestSeconds: number;
}

/** Each lost race means that someone else has changed the same job's times. */
const MOST_ROUNDS = 5;

/**
 * Changes how long one settled job is kept.
 *
 * @returns The job as it is now.
 * @throws {AlmanacError} `job.not-found`, `job.unfinished`, `result.expired`, `request.invalid` above the stack's maximum,
 * `store.unavailable`.
 */
export async function changeRetention(
  id: string,
  { request, limits }: { readonly request: RetentionRequest; readonly limits: RetentionLimits },
  ports: ChangeRetentionPorts,
): Promise<Job> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const job = await findJob(id, limits.now, ports.jobs);
    const decision = decideRetention(job, request, limits);
    switch (decision.kind) {
      case 'unfinished':
        throw unfinished(job);
      case 'expired':
        throw expired(job);
      case 'too-long':
        throw tooLong(request, limits);
      case 'unchanged':
        return job;
      case 'change': {
        const changed = await changeTimes(job, { change: decision, now: limits.now }, ports);
        if (changed) return changed;
      }
    }
  }
  throw new AlmanacError(
    'store.unavailable',
    `Expected to change \`${id}\` within ${MOST_ROUNDS} tries, got another change before each. Try again.`,
  );
}

function unfinished({ id, state }: Job): AlmanacError {
  return new AlmanacError(
    'job.unfinished',
    `Expected \`${id}\` to have ended, got one that is ${state}: its times are set when it ends.`,
  );
}

function tooLong(request: RetentionRequest, { longestSeconds }: RetentionLimits): AlmanacError {
  const field = request.kind === 'until' ? 'expiresAt' : 'resultExpirationTime';
  return invalidRequest([
    {
      pointer: `/${field}`,
      code: 'retention.invalid',
      detail: `Expected \`${field}\` to end at most ${longestSeconds} s from now, the maximum of this stack, got a later end.`,
    },
  ]);
}
