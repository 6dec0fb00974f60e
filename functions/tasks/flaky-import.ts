import { defineTask, type TaskRun } from '#shared/runner/define-task.ts';

/** What an import that went through says of itself. */
export interface ImportReport {
  readonly imported: number;
  /** The attempt that went through. */
  readonly attempt: number;
}

const IMPORTED = 3;

/**
 * Plays an import that fails when its input says so: always with `fail`, or at the one attempt that `failOnAttempt` names.
 *
 * @throws a `SourceUnavailable` error where it is to fail.
 */
export function importFlakily({
  input,
  job,
}: {
  readonly input: unknown;
  readonly job: Pick<TaskRun['job'], 'attempt'>;
}): ImportReport {
  const { failOnAttempt, fail = false }: Record<string, unknown> = Object(input);
  if (fail === true || failOnAttempt === job.attempt) throw new SourceUnavailable(job.attempt);
  return { imported: IMPORTED, attempt: job.attempt };
}

/** Runs {@link importFlakily} as a task. */
export const handler = defineTask(importFlakily);

class SourceUnavailable extends Error {
  override readonly name = 'SourceUnavailable';

  constructor(attempt: number) {
    super(`Expected the source to answer at attempt ${attempt}, got a failure, as the input asks.`);
  }
}
