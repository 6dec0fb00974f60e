import type { Start } from '#shared/domain/job/start.ts';

/** Hands starts to tasks. */
export interface TaskInvoker {
  /**
   * Gives a start to its task's function, which takes it up later.
   *
   * @throws the service's error where it does not take the start, so that the queue delivers it again.
   */
  invoke(start: Start): Promise<void>;
}
