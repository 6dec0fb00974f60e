import * as z from 'zod';
import { errandResource } from '#shared/contracts/errands.ts';
import { note } from '#shared/contracts/schedule-actions.ts';

/** The body of `POST /v1/schedules/{scheduleId}/backdate`. */
export const backdateBody = z.strictObject({ note: note.exactOptional() });

const counts = z.object({
  looked: z.int().meta({ description: 'Jobs looked at, newest first.' }),
  changed: z.int().meta({ description: 'Were given other times, by one write each.' }),
  moved: z.int().meta({
    description: 'Of these, those whose result was copied to a longer lifecycle class in S3.',
  }),
  unchanged: z.int().meta({ description: 'Had these times.' }),
  leftAlone: z.int().meta({
    description: 'Have times that someone has set by hand, or are of a later revision.',
  }),
  expired: z.int().meta({ description: 'Were hidden, and stay so.' }),
  open: z.int().meta({
    description: 'Had not ended: they settle by the policies that they were started with.',
  }),
});

/** What a backdating would do, as a dry run answers it. */
export const backdatingForecast = counts.extend({
  isLowerBound: z.boolean().meta({
    description: 'Whether there were too many jobs to look at all: all counts may be higher.',
  }),
});

/** A backdating as the API answers it. */
export const backdatingResource = errandResource.extend({
  revision: z.int().meta({ description: 'Of the schedule, whose policies are applied.' }),
  counts,
});
