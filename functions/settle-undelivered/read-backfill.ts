import * as z from 'zod';
import { backfillMessage } from '#shared/contracts/backfill-message.ts';
import type { BackfillMessage } from '#shared/domain/backfill/backfill.ts';

const failedInvocation = z.object({ requestPayload: backfillMessage });

/**
 * Reads out of a dead letter that a backfill has a step to do: from the starts queue after its last delivery, or from a failed invocation
 * of `run-backfill`.
 *
 * @returns `undefined` for any other letter.
 */
export function readBackfill(body: unknown): BackfillMessage | undefined {
  return (
    backfillMessage.safeParse(body).data ?? failedInvocation.safeParse(body).data?.requestPayload
  );
}
