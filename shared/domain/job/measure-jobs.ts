import type { Outcome } from '#shared/domain/job/outcome.ts';

/** What a settled job tells of how its task and its start are doing. */
export interface JobMeasure {
  readonly task: string;
  readonly outcome: Outcome;
  /** From the fire time to the claim of the first attempt; absent where nothing claimed it, or that is not known any more. */
  readonly latenessMs?: number;
}

/** What the jobs of one task came to. */
export interface TaskMeasures {
  readonly task: string;
  readonly outcomes: ReadonlyMap<Outcome, number>;
  readonly latenessMs: readonly number[];
}

/** Sums up how jobs ended, for each task by itself. */
export function measureJobs(jobs: readonly JobMeasure[]): readonly TaskMeasures[] {
  return [...Map.groupBy(jobs, ({ task }) => task)].map(([task, ofTask]) => ({
    task,
    outcomes: new Map(
      [...Map.groupBy(ofTask, ({ outcome }) => outcome)].map(([outcome, { length }]) => [
        outcome,
        length,
      ]),
    ),
    latenessMs: ofTask.flatMap(({ latenessMs }) => latenessMs ?? []),
  }));
}
