import * as z from 'zod';
import { errandMessage } from '#shared/contracts/errand-message.ts';
import type { ErrandMessage } from '#shared/domain/errand/errand.ts';

const failedInvocation = z.object({ requestPayload: errandMessage });

/**
 * Reads out of a dead letter that an errand has a step to do: from the starts queue after its last delivery, or from a failed invocation
 * of the function that does it.
 *
 * @returns `undefined` for any other letter.
 */
export function readErrand(body: unknown): ErrandMessage | undefined {
  return (
    errandMessage.safeParse(body).data ?? failedInvocation.safeParse(body).data?.requestPayload
  );
}
