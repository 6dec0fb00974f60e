import * as z from 'zod';
import { advanceMessage } from '#shared/contracts/advance-message.ts';
import type { Advance } from '#shared/domain/schedule/advance.ts';

const failedInvocation = z.object({ requestPayload: advanceMessage });

/**
 * Reads out of a dead letter that a planned schedule's fire time has come: from EventBridge, from the starts queue after its last
 * delivery, or from a failed invocation of `advance-schedule`.
 *
 * @returns `undefined` for any other letter.
 */
export function readAdvance(body: unknown): Advance | undefined {
  return (
    advanceMessage.safeParse(body).data ?? failedInvocation.safeParse(body).data?.requestPayload
  );
}
