import { keyOfStart } from '#shared/domain/job/start.ts';
import type { JobReader } from '#shared/ports/job-store.ts';
import type { TaskInvoker } from '#shared/ports/task-invoker.ts';

/**
 * Keeps the starts of adopted tasks back whose job has settled.
 *
 * A function of ours claims its job and does nothing where that is settled; an adopted one would run once more. Most starts that come
 * through the queue for it are a second one, for a fire time near a change of its schedule. What still runs has no row, and is
 * run again.
 */
export function startUnsettled(
  tasks: TaskInvoker,
  {
    isAdopted,
    jobs,
  }: {
    readonly isAdopted: (taskId: string) => boolean;
    readonly jobs: Pick<JobReader, 'get'>;
  },
): TaskInvoker {
  return {
    invoke: async (start) => {
      const job = isAdopted(start.task) ? await jobs.get(keyOfStart(start)) : undefined;
      if (job?.state !== 'settled') await tasks.invoke(start);
    },
  };
}
