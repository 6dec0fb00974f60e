import { hasReferences } from '#shared/domain/input/reference-places.ts';
import type { ClaimedJob } from '#shared/domain/job/settlement.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { RunnerPorts } from '#shared/runner/runner-ports.ts';
import { runningFence } from '#shared/runner/settle-job.ts';

/** What a function is given, and the job that it is given it for. */
export interface ReadiedInput {
  readonly input: unknown;
  readonly job: ClaimedJob;
}

/**
 * Makes a claimed job's input: the results that it refers to are read, and noted on the job before its function is called.
 *
 *     running ── results read ── noteInputs ── the function runs
 *
 * A crash in between is one of the attempt: the next reads anew, and overwrites the note.
 *
 * @throws {InputUnavailable} Where the job should not run with what there is.
 * @throws {AlmanacError} `store.unavailable`.
 */
export async function readyInput(
  start: Start,
  job: ClaimedJob,
  ports: Pick<RunnerPorts, 'inputs' | 'jobs'>,
): Promise<ReadiedInput> {
  if (!hasReferences(start.input)) return { input: start.input, job };
  const resolver = await ports.inputs();
  const { input, inputs } = await resolver.resolve(start);
  const written = await ports.jobs.noteInputs(job.key, runningFence(job), inputs);
  if (written.kind === 'refused')
    throw new Error('Expected the job to be still this attempt’s, got one that was taken from it.');
  return { input, job: { ...job, inputs } };
}
