import * as z from 'zod';
import { ERRAND_STATES } from '#shared/domain/errand/errand.ts';

/** An instant as the API answers it. */
export const moment = z.iso.datetime().meta({ description: 'ISO 8601, UTC, whole seconds.' });

/** What errands of all kinds have, as the API answers it. */
export const errandResource = z.object({
  id: z.string(),
  scheduleId: z.string(),
  state: z.enum(ERRAND_STATES),
  by: z.string().meta({ description: 'The ARN of whoever asked for it.' }),
  note: z.string().exactOptional(),
  createdAt: moment,
  endedAt: moment.exactOptional(),
  reason: z
    .string()
    .meta({ description: 'Why it ended, where nobody cancelled it.' })
    .exactOptional(),
});
