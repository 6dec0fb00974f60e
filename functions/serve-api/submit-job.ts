import { ulid } from 'ulid';
import { AlmanacError } from '#shared/domain/almanac-error.ts';
import { type EpochSeconds, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Job } from '#shared/domain/job/job.ts';
import { jobId } from '#shared/domain/job/job-key.ts';
import { deliverByOf, keyOfStart, type Start } from '#shared/domain/job/start.ts';
import type { JobReader } from '#shared/ports/job-store.ts';
import type { JobSubmissions, SubmissionMark } from '#shared/ports/job-submissions.ts';

/** What submitting needs. */
export interface SubmitJobPorts {
  readonly submissions: JobSubmissions;
  readonly jobs: Pick<JobReader, 'get'>;
  readonly makeRedactionKey: () => Promise<void>;
}

/** A job that someone asks for. */
export interface Submission {
  /** All of its start but the job's own name. */
  readonly draft: Omit<Start, 'v' | 'fireTime' | 'attempt'>;
  readonly mark: SubmissionMark | undefined;
  readonly now: EpochSeconds;
  readonly isDryRun: boolean;
}

/**
 * Submits a job: its row is there at once, and the table's stream has it started.
 *
 * A row of up to 1 KB takes three write units of one partition in its life: queued, claimed, settled. A partition bears 1,000 a second, so
 * one task takes about 300 direct jobs a second, and one schedule as many runs; an input of more than 1 KB costs its size twice more.
 *
 * @returns The job; as it is by now, where the same request came before.
 * @throws {AlmanacError} `idempotency-key.reused`; `job.not-found` where the repeated request's job has expired.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export async function submitJob(submission: Submission, ports: SubmitJobPorts): Promise<Job> {
  const { draft, mark, now, isDryRun } = submission;
  const suffix = mark?.name ?? ulid(now * 1000);
  const start: Start = { v: 1, attempt: 1, ...draft, fireTime: `${toIso(now)}~${suffix}` };
  if (isDryRun) return queuedJob(start);
  if (start.policy.redact?.hash) await ports.makeRedactionKey();
  const submitted = await ports.submissions.submit(start, now, mark);
  switch (submitted.kind) {
    case 'queued':
      return queuedJob(start);
    case 'mark-taken':
      throw new AlmanacError(
        'idempotency-key.reused',
        'Expected an `Idempotency-Key` that is new, or of the same request, got one of another request. Send a new one.',
      );
    case 'repeated': {
      const job = await ports.jobs.get(submitted.key);
      if (job) return job;
      throw new AlmanacError(
        'job.not-found',
        `Expected \`${jobId(submitted.key)}\`, which this request asked for before, got none: its record has expired.`,
      );
    }
  }
}

function queuedJob(start: Start): Job {
  const { task, revision, metadata = {} } = start;
  const key = keyOfStart(start);
  return {
    key,
    id: jobId(key),
    task,
    state: 'queued',
    attempt: 0,
    revision,
    deliverBy: deliverByOf(start),
    metadata,
  };
}
