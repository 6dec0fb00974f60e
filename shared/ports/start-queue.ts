import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { ErrandMessage } from '#shared/domain/errand/errand.ts';
import type { Start } from '#shared/domain/job/start.ts';
import type { Advance } from '#shared/domain/schedule/advance.ts';

/** A message of the starts queue; `notBefore` is when it is due, as SQS delays by 15 minutes at most and longer waits take several hops. */
export type QueuedMessage =
  | { readonly kind: 'start'; readonly notBefore: EpochSeconds; readonly start: Start }
  | (Advance & { readonly notBefore: EpochSeconds })
  | (ErrandMessage & { readonly notBefore: EpochSeconds })
  | {
      readonly kind: 'project';
      readonly notBefore: EpochSeconds;
      readonly scheduleId: string;
      readonly generation: number;
    }
  | { readonly kind: 'audit'; readonly notBefore: EpochSeconds; readonly auditId: string };

/**
 * The queue of starts and fire times that EventBridge does not send itself, of steps of errands, of schedules to be tried on EventBridge
 * again, and of audits to go on with.
 */
export interface StartQueue {
  /**
   * Sends a message that is received not before it is due.
   *
   * @throws {AlmanacError} `store.unavailable` after the client's own retries.
   */
  send(message: QueuedMessage): Promise<void>;
}
