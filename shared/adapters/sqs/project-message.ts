import * as z from 'zod';
import type { QueuedMessage } from '#shared/ports/start-queue.ts';

const projectMessage = z.object({
  kind: z.literal('project'),
  notBefore: z.int(),
  scheduleId: z.string(),
  generation: z.int(),
});

/**
 * Reads the message that has a schedule tried on EventBridge again.
 *
 * @returns `undefined` for any other.
 */
export function readProjectMessage(
  body: unknown,
): Extract<QueuedMessage, { readonly kind: 'project' }> | undefined {
  return projectMessage.safeParse(body).data;
}
