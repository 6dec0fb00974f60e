import type { Job } from '#shared/domain/job/job.ts';
import type { JobReader } from '#shared/ports/job-store.ts';

/** API Gateway waits 30 s for an answer at most, and the function ends a second before. */
const LONGEST_WAIT_SECONDS = 25;

/** Most jobs take a second or two; each look is a read. */
const FIRST_WAIT_MS = 200;
const LONGEST_STEP_MS = 1_000;
const STEP_FACTOR = 1.5;

/**
 * Reads how long a client would wait for an answer out of its `Prefer` header, as `wait=20`.
 *
 * @returns Seconds, {@link LONGEST_WAIT_SECONDS} at most; 0 where it does not say.
 * @see https://www.rfc-editor.org/rfc/rfc7240#section-4.3
 */
export function waitSecondsOf(prefer: string | undefined): number {
  const [, seconds = '0'] =
    /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(prefer ?? '') ?? [];
  return Math.min(Number(seconds), LONGEST_WAIT_SECONDS);
}

/** Looks at a job until it has settled, or the time is up; it then is as it was seen last. */
export async function waitForJob(
  job: Job,
  seconds: number,
  ports: {
    readonly jobs: Pick<JobReader, 'get'>;
    readonly sleep: (milliseconds: number) => Promise<void>;
  },
): Promise<Job> {
  let seen = job;
  let step = FIRST_WAIT_MS;
  let waited = 0;
  while (seen.state !== 'settled' && waited < seconds * 1_000) {
    await ports.sleep(step);
    waited += step;
    step = Math.min(step * STEP_FACTOR, LONGEST_STEP_MS);
    seen = (await ports.jobs.get(job.key)) ?? seen;
  }
  return seen;
}
