import { describeProgress } from '#shared/domain/job/progress.ts';
import type { ClaimedJob } from '#shared/domain/job/settlement.ts';
import { type RunnerPorts, secondsNow } from '#shared/runner/runner-ports.ts';
import { runningFence } from '#shared/runner/settle-job.ts';

/**
 * Tells how far the task has come; the API shows it on the running job.
 *
 * It returns at once and never throws. The first call is written at once, of later ones the last in each 5 seconds; what is said in the
 * last moments of an attempt may never be seen. A task that does not call it costs no write.
 *
 * @param fraction - From 0 to 1; what lies outside is taken to the nearer end.
 * @param note - A few words for the reader; cut to 128 bytes.
 */
export type ReportProgress = (fraction: number, note?: string) => void;

/** Between two writes of one attempt, in real time. */
const BETWEEN_WRITES_MS = 5_000;

/**
 * Makes what an attempt reports its progress with.
 *
 * A write that fails is left: the next one says more. One that is refused is the last, as the job has been taken from the attempt.
 */
export function createProgressReporter(
  job: ClaimedJob,
  ports: Pick<RunnerPorts, 'jobs' | 'nowMs'>,
): { readonly report: ReportProgress; readonly stop: () => void } {
  let said: { readonly fraction: number; readonly note: string | undefined } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const write = async (): Promise<void> => {
    if (isStopped || !said) return;
    const progress = describeProgress(said.fraction, said.note, secondsNow(ports));
    said = undefined;
    timer = setTimeout(next, BETWEEN_WRITES_MS);
    timer.unref();
    try {
      const written = await ports.jobs.report(job.key, runningFence(job), progress);
      if (written.kind === 'refused') isStopped = true;
    } catch {
      // The table did not answer; what is lost is only how far the attempt had come.
    }
  };
  const next = (): void => {
    timer = undefined;
    void write();
  };
  return {
    report: (fraction, note) => {
      said = { fraction, note };
      if (timer === undefined) void write();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
