import * as z from 'zod';
import { errandResource, moment } from '#shared/contracts/errands.ts';
import { instant } from '#shared/contracts/instant.ts';
import { note } from '#shared/contracts/schedule-actions.ts';
import { overlap } from '#shared/contracts/schedule-body.ts';
import { OVERLAPS } from '#shared/domain/job/overlap.ts';

/** The body of `POST /v1/schedules/{scheduleId}/backfill`. */
export const backfillBody = z.strictObject({
  from: instant('from').meta({ description: 'The first fire time may be this instant.' }),
  to: instant('to').meta({ description: 'The last fire time may be this instant; not after now.' }),
  overlap: overlap.exactOptional(),
  force: z.boolean().default(false).meta({
    description:
      'Whether fire times are run too of which nobody knows any more whether they have been, as their records have expired.',
  }),
  note: note.exactOptional(),
});

const counts = {
  due: z.int().meta({ description: 'Fire times from `from` to `to`.' }),
  settled: z.int().meta({ description: 'Had a job that has ended, which is not run again.' }),
  running: z.int().meta({ description: 'Had a job that has begun or waits.' }),
  unknown: z.int().meta({ description: 'May have had one, whose record has expired.' }),
};

/** What a backfill would do, as a dry run answers it. */
export const backfillForecast = z.object({
  ...counts,
  toStart: z.int(),
  isLowerBound: z.boolean().meta({
    description:
      'Whether there were too many jobs to look at all: all counts but `due` may be higher.',
  }),
});

/** A backfill as the API answers it. */
export const backfillResource = errandResource.extend({
  from: moment,
  to: moment,
  overlap: z.enum(OVERLAPS).exactOptional(),
  force: z.boolean(),
  counts: z.object({ ...counts, started: z.int() }),
  underWay: z.int().meta({ description: 'Jobs that it has started, and has not seen settled.' }),
  nextFireTime: moment.nullable().meta({
    description: 'The fire time that it looks at next; null once it has looked at all.',
  }),
});
