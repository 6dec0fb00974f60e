import * as z from 'zod';
import { fromIso } from '#shared/domain/epoch-seconds.ts';

/** Reads the message that a planned schedule's next fire time has come, from wherever it was delivered. */
export const advanceMessage = z.object({
  kind: z.literal('advance'),
  scheduleId: z.string(),
  fireTime: z.string().refine((text) => fromIso(text) !== undefined, {
    error: 'Expected `fireTime` to be an instant as 2026-11-23T09:00:00Z.',
  }),
});
