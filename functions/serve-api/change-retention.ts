import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import {
  decideRetention,
  type RetentionChange,
  type RetentionRequest,
} from '#shared/domain/result/decide-retention.ts';
import { expiryAttributes } from '#shared/domain/result/expiry-attributes.ts';
import { type PayloadClassDays, payloadKey } from '#shared/domain/result/payload-class.ts';
import type { PayloadPointer } from '#shared/domain/result/stored-result.ts';
import type { JobRetention, NewTimes } from '#shared/ports/job-retention.ts';
import type { JobReader } from '#shared/ports/job-store.ts';
import type { PayloadCopies } from '#shared/ports/payload-store.ts';
import { expired, findJob } from './find-result.ts';
import { invalidRequest } from './invalid-request.ts';

/** What changing a job's times needs. */
export interface ChangeRetentionPorts {
  readonly jobs: Pick<JobReader, 'get'>;
  readonly jobRetention: JobRetention;
  readonly payloadCopies: PayloadCopies;
  /** A new random name, from characters that an object's key takes as they are. */
  readonly newName: () => string;
}

/** When a change is asked for, and what it may not pass. */
export interface RetentionLimits {
  readonly now: EpochSeconds;
  readonly longestSeconds: number;
}

const SECONDS_PER_DAY = 86_400;

/** Each lost race means that someone else has changed the same job's times. */
const MOST_ROUNDS = 5;

/**
 * Changes how long one settled job is kept.
 *
 *     copy to the longer class ── pointer and times in one write ── the stream deletes the old object
 *
 * A crash after the copy leaves an object that its class's lifecycle rule takes; there is never a row without its object.
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
        const changed = await change(job, { decision, now: limits.now }, ports);
        if (changed) return changed;
      }
    }
  }
  throw new AlmanacError(
    'store.unavailable',
    `Expected to change \`${id}\` within ${MOST_ROUNDS} tries, got another change before each. Try again.`,
  );
}

async function change(
  job: Job,
  { decision, now }: { readonly decision: RetentionChange; readonly now: EpochSeconds },
  ports: ChangeRetentionPorts,
): Promise<Job | undefined> {
  const { expiry, ownExpiry, moveTo } = decision;
  const payload = moveTo === undefined ? undefined : await move(job, { moveTo, now }, ports);
  // The object has gone with its row, or to where another change has copied it.
  if (payload === 'gone') return undefined;
  const changed: NewTimes = {
    expiry,
    ...(ownExpiry && { ownExpiry }),
    ...(payload && { payload }),
  };
  if (!(await ports.jobRetention.change(job, changed))) return undefined;
  const { ownExpiry: _, ...rest } = job;
  const { rule, ...times } = expiry;
  return {
    ...rest,
    ...(payload && { content: { kind: 'payload', payload } }),
    ...expiryAttributes(job.key, { ...times, ...archiveOf(job) }, now),
    retentionRule: rule,
    ...(ownExpiry && { ownExpiry }),
  };
}

function archiveOf({ archiveDays }: Job) {
  return archiveDays === undefined ? {} : { archiveDays };
}

/** The copy has a name of its own: of two changes at once, neither writes over the other's. */
async function move(
  { key, attempt, content }: Job,
  { moveTo, now }: { readonly moveTo: PayloadClassDays; readonly now: EpochSeconds },
  { payloadCopies, newName }: ChangeRetentionPorts,
): Promise<PayloadPointer | 'gone' | undefined> {
  if (content?.kind !== 'payload') return undefined;
  const to = payloadKey({ key, attempt, owner: newName() }, moveTo);
  if (!(await payloadCopies.copy(content.payload.key, to))) return 'gone';
  return { ...content.payload, key: to, keptUntil: toIso(now + moveTo * SECONDS_PER_DAY) };
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
