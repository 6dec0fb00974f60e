import * as z from 'zod';
import { ERRAND_KINDS } from '#shared/domain/errand/errand.ts';

/** Reads the message that an errand has its next step to do, from wherever it was delivered. */
export const errandMessage = z.object({
  kind: z.enum(ERRAND_KINDS),
  scheduleId: z.string(),
  errandId: z.string(),
  version: z.int(),
  mark: z.string(),
});
