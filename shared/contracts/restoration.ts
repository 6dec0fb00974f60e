import * as z from 'zod';
import { duration } from '#shared/contracts/duration.ts';
import { shown } from '#shared/contracts/faults-of.ts';
import { ID_PATTERN, parseJobId } from '#shared/domain/job/job-key.ts';
import { LONGEST_EXPIRATION_SECONDS } from '#shared/domain/result/payload-class.ts';
import { readDate } from '#shared/domain/triggers/civil-date.ts';

/** A request goes through so many days at most. */
const MOST_DAYS = 366;

/** So many jobs are put back with one request; `next` goes on. */
export const MOST_RESTORED = 1_000;

const day = (name: string) =>
  z
    .string({
      error: ({ input }) => dayFault(name, input),
    })
    .refine((text) => readDate(text) !== undefined, {
      abort: true,
      error: ({ input }) => dayFault(name, input),
    });

function dayFault(name: string, input: unknown): string {
  return `Expected \`${name}\` to be a day such as 2026-11-23, got ${shown(input)}.`;
}

const common = {
  resultExpirationTime: duration('resultExpirationTime', {
    min: 1,
    max: LONGEST_EXPIRATION_SECONDS,
  }).meta({ description: 'How long the jobs are to stay, counted from now.' }),
};

const oneJob = z.strictObject({
  jobId: z.string().transform((text, context) => {
    const key = parseJobId(text);
    if (key) return key;
    context.issues.push({
      code: 'custom',
      input: text,
      message: `Expected \`jobId\` to be the id of a job, got ${shown(text)}.`,
    });
    return z.NEVER;
  }),
  day: day('day')
    .meta({
      description:
        'The day on which it expired, as its `archive` says; it may be left out while its row is there, which is for five days.',
    })
    .exactOptional(),
  ...common,
});

const jobsOfSchedule = z
  .strictObject({
    scheduleId: z
      .string()
      .refine((id) => ID_PATTERN.test(id.replace(/^task:/, '')), {
        error: ({ input }) =>
          `Expected \`scheduleId\` to be the id of a schedule, or of a task as "task:sales-report", got ${shown(input)}.`,
      })
      .meta({
        description: 'A schedule, deleted or not, or `task:` and a task for its direct jobs.',
      }),
    from: day('from').meta({ description: 'The first day on which they expired.' }),
    to: day('to').meta({ description: `The last one; ${MOST_DAYS} days in all at most.` }),
    cursor: z
      .string()
      .meta({ description: 'What an answer before gave as `next`.' })
      .exactOptional(),
    ...common,
  })
  .refine(({ from, to }) => spanOf(from, to) >= 1 && spanOf(from, to) <= MOST_DAYS, {
    path: ['to'],
    error: ({ input }) => {
      const { from, to }: { readonly from?: unknown; readonly to?: unknown } = Object(input);
      return `Expected \`to\` to be the day of \`from\`, ${shown(from)}, or one of the ${MOST_DAYS - 1} after it, got ${shown(to)}.`;
    },
  });

function spanOf(from: string, to: string): number {
  return (readDate(to) ?? 0) - (readDate(from) ?? 0) + 1;
}

/** The body of `POST /v1/archive/restore`: one job, or the jobs of a schedule that expired on certain days. */
export const restorationBody = z.union([oneJob, jobsOfSchedule]);

/** Picks which of the two a body means to be, so that it is found fault with as that. */
export function restorationBodyFor(body: unknown) {
  const { jobId }: { readonly jobId?: unknown } = Object(body);
  return jobId === undefined ? jobsOfSchedule : oneJob;
}

/** What was put back, as the API answers it. */
export const restorationResource = z.object({
  restored: z.int().meta({ description: 'Jobs that are there again; with `dryRun`, would be.' }),
  present: z.int().meta({ description: 'Jobs that are there, and were left as they are.' }),
  resultExpiresAt: z.iso.datetime(),
  next: z
    .string()
    .nullable()
    .meta({
      description: `Where to go on, as \`cursor\`: a request puts back ${MOST_RESTORED} jobs at most, and may end before that. Null at the end.`,
    }),
});
