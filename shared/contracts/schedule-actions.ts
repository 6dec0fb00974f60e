import * as z from 'zod';
import { instant } from '#shared/contracts/instant.ts';
import { CATCH_UPS } from '#shared/domain/schedule/decide-catch-up.ts';

/** Longer notes belong elsewhere: each read of the schedule carries it. */
const LONGEST_NOTE_CHARACTERS = 256;

/** What someone says of an action, for whoever wonders later. */
export const note = z
  .string()
  .min(1)
  .max(LONGEST_NOTE_CHARACTERS)
  .meta({ description: 'Why, for whoever wonders later.' });

/** The body of `POST /v1/schedules/{scheduleId}/pause`; it may be left out. */
export const pauseBody = z.strictObject({
  note: note.exactOptional(),
  until: instant('until')
    .meta({ description: 'From this instant on it fires again by itself.' })
    .exactOptional(),
});

/** The body of `POST /v1/schedules/{scheduleId}/skip`. */
export const skipBody = z.strictObject({
  fireTime: instant('fireTime').meta({ description: 'One that is yet to come.' }),
  note: note.exactOptional(),
});

/** The body of `POST /v1/schedules/{scheduleId}/resume`; it may be left out. */
export const resumeBody = z.strictObject({
  catchUp: z.enum(CATCH_UPS).default('none').meta({
    description:
      'Which of the fire times that passed during the pause are started now, no older than `catchUpWindow`.',
  }),
});
