import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import { FOREIGN_LEASE_SECONDS } from '#shared/domain/job/foreign-lease.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { jobId, jobKeyOf } from '#shared/domain/job/job-key.ts';
import { LONGEST_CATCH_UP_WINDOW_SECONDS } from '#shared/domain/job/policy.ts';
import { requestError } from '#shared/domain/job/request-error.ts';
import type { JobFacts, Settlement } from '#shared/domain/job/settlement.ts';
import { resolveExpiry } from '#shared/domain/result/resolve-expiry.ts';
import { nextOrNone } from '#shared/domain/schedule/next-or-none.ts';
import type { ScheduleDefinition } from '#shared/domain/schedule/schedule.ts';
import { triggerOf } from '#shared/domain/schedule/trigger-of.ts';
import type { JobReader, JobStore } from '#shared/ports/job-store.ts';
import { invalidRequest } from './invalid-request.ts';

/** Which fire time is to be left out, who wants that, and why. */
export interface SkipRequest {
  readonly definition: ScheduleDefinition;
  readonly fireTime: EpochSeconds;
  readonly by: string;
  readonly note?: string;
  readonly now: EpochSeconds;
  readonly isDryRun: boolean;
}

/** What skipping needs. */
export interface SkipFireTimePorts {
  readonly jobs: Pick<JobReader, 'get'>;
  readonly jobWrites: Pick<JobStore, 'createSettled'>;
}

/**
 * Leaves out one fire time that is yet to come: its job is settled `skipped` beforehand, so that its start, whoever sends it, finds that.
 *
 *     now                fireTime       + a day + the longest lease
 *      |── the row is there ──|── and outlives every start of it ──|
 *
 * It outlives also a `catchUpWindow` that is made longer meanwhile.
 *
 * @returns The job; the same where it has been skipped before.
 * @throws {AlmanacError} `request.invalid` for an instant at which the schedule does not fire, or not any more; `job.settled` where the job
 * has begun.
 */
export async function skipFireTime(request: SkipRequest, ports: SkipFireTimePorts): Promise<Job> {
  const { definition, fireTime, now } = request;
  if (fireTime <= now) throw invalid(`later than now, got ${toIso(fireTime)}`);
  if (nextOrNone(triggerOf(definition), fireTime - 1) !== fireTime)
    throw invalid(`a fire time of the schedule, got ${toIso(fireTime)}; its preview lists them`);
  const facts = factsOf(request);
  const settlement = settlementOf(request, facts.deliverBy);
  const job = jobOf(facts, settlement);
  if (request.isDryRun) return job;
  const written = await ports.jobWrites.createSettled(facts, settlement);
  if (written.kind === 'written') return job;
  const present = await ports.jobs.get(facts.key);
  if (present?.outcome === 'skipped') return present;
  throw new AlmanacError(
    'job.settled',
    `Expected \`${job.id}\` not to have begun, got a job that has.`,
  );
}

function invalid(rule: string): AlmanacError {
  return invalidRequest([
    { pointer: '/fireTime', code: 'field.invalid', detail: `Expected \`fireTime\` to be ${rule}.` },
  ]);
}

function factsOf({ definition, fireTime }: SkipRequest): JobFacts {
  const { scheduleId, task, revision, metadata } = definition;
  const deliverBy = fireTime + LONGEST_CATCH_UP_WINDOW_SECONDS;
  return { key: jobKeyOf(scheduleId, fireTime), task, revision, deliverBy, metadata };
}

/** The record is kept from the fire time on, as that of a job that ran. */
function settlementOf(request: SkipRequest, deliverBy: EpochSeconds): Settlement {
  const { definition, fireTime, now } = request;
  const outcome = 'skipped';
  const {
    resultExpiresAt: _r,
    ownExpiry: _o,
    keep: _k,
    ...expiry
  } = resolveExpiry({
    policy: definition.policy,
    outcome,
    finishedAt: fireTime,
    deliverBy,
    leaseSeconds: FOREIGN_LEASE_SECONDS,
  });
  return {
    outcome,
    finishedAt: now,
    error: requestError('Skipped', request),
    expiry,
  };
}

function jobOf(facts: JobFacts, { finishedAt, expiry, ...end }: Settlement): Job {
  const { outcome, error } = end;
  return {
    ...facts,
    id: jobId(facts.key),
    state: 'settled',
    attempt: 0,
    outcome,
    finishedAt: toIso(finishedAt),
    ...(error && { error }),
    expiresAt: expiry.expiresAt,
    retentionRule: expiry.rule,
  };
}
