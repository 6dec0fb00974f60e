import type { ErrandMessage } from '#shared/domain/errand/errand.ts';

/** Hands the word that an errand has a step to do to whom it concerns. */
export interface ErrandInvoker {
  /**
   * Gives it to the function that does errands of its kind, which takes it up later.
   *
   * @throws the service's error where it does not take it, so that the queue delivers it again.
   */
  invoke(message: ErrandMessage): Promise<void>;
}
