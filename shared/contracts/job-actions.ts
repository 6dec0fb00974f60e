import * as z from 'zod';
import { duration } from '#shared/contracts/duration.ts';
import { note } from '#shared/contracts/schedule-actions.ts';
import { newScheduleBody, overlap } from '#shared/contracts/schedule-body.ts';
import {
  LONGEST_CATCH_UP_WINDOW_SECONDS,
  SHORTEST_CATCH_UP_WINDOW_SECONDS,
} from '#shared/domain/job/policy.ts';

/** The body of `POST /v1/jobs`. */
export const newJobBody = newScheduleBody
  .pick({
    task: true,
    input: true,
    metadata: true,
    resultExpirationTime: true,
    recordExpirationTime: true,
    archive: true,
    announceExpiry: true,
    select: true,
    redact: true,
    retry: true,
    timeout: true,
    indexes: true,
  })
  .extend({
    startDeadline: duration('startDeadline', {
      min: SHORTEST_CATCH_UP_WINDOW_SECONDS,
      max: LONGEST_CATCH_UP_WINDOW_SECONDS,
    })
      .meta({ description: 'A job that has not begun by then is `missed`.' })
      .exactOptional(),
  });

/** The body of `POST /v1/jobs/{jobId}/cancel`; it may be left out. */
export const cancelBody = z.strictObject({ note: note.exactOptional() });

/** The body of `POST /v1/schedules/{scheduleId}/run`; it may be left out. */
export const runBody = z.strictObject({
  input: z
    .unknown()
    .meta({ description: "Instead of the schedule's own; the whole of it, nothing is merged." })
    .exactOptional(),
  overlap: overlap.exactOptional(),
});
