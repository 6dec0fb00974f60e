import * as z from 'zod';

/** Reads the message that a backfill has its next step to do, from wherever it was delivered. */
export const backfillMessage = z.object({
  kind: z.literal('backfill'),
  scheduleId: z.string(),
  backfillId: z.string(),
  version: z.int(),
  mark: z.string(),
});
