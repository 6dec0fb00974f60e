import * as z from 'zod';
import { duration } from '#shared/contracts/duration.ts';
import { shown } from '#shared/contracts/faults-of.ts';
import { instant } from '#shared/contracts/instant.ts';
import type { RetentionRequest } from '#shared/domain/result/decide-retention.ts';
import { MOST_KEPT_JOBS } from '#shared/domain/result/keep-last.ts';
import { LONGEST_EXPIRATION_SECONDS } from '#shared/domain/result/payload-class.ts';

const seconds = (name: string) => duration(name, { min: 0, max: LONGEST_EXPIRATION_SECONDS });

/** How long results are kept: one length of time, or one by outcome. */
export const resultExpirationTime = z
  .union(
    [
      seconds('resultExpirationTime'),
      z.strictObject({
        success: seconds('resultExpirationTime.success').exactOptional(),
        error: seconds('resultExpirationTime.error').exactOptional(),
        default: seconds('resultExpirationTime.default'),
      }),
    ],
    {
      error: ({ input }) =>
        `Expected \`resultExpirationTime\` to be 0 to ${LONGEST_EXPIRATION_SECONDS} seconds, as a number, "7d" or ISO 8601, or an object of these with \`default\`, got ${shown(input)}.`,
    },
  )
  .meta({
    description: 'How long each result is kept after its job finishes; 0 stores none.',
    examples: [604_800, '7d', { success: '7d', error: '90d', default: 0 }],
  });

/** What holds for results in the whole of a stack, as `infra/config.ts` states it. */
export const stackRetention = z.strictObject({
  /** Where neither a schedule nor its task says how long. */
  resultExpirationTime,
  /** No schedule and no request keeps a result or a record longer. */
  longestExpirationTime: seconds('longestExpirationTime'),
});

export type StackRetention = z.output<typeof stackRetention>;

/** How many of a schedule's newest jobs are held beyond their time. */
export const keepLast = z.int().min(1).max(MOST_KEPT_JOBS).meta({
  description:
    'At least the newest so many jobs that ran, by fire time, are held beyond their time, with their results.',
});

/** Whether a schedule's newest success is held beyond its time. */
export const keepLastSuccess = z.boolean().meta({
  description: 'The newest job that went well is held beyond its time, whatever failed since.',
});

/** Whether it is told beforehand that a result expires. */
export const announceExpiry = z.boolean().meta({
  description:
    'The event bus tells that a result is about to expire, 18 to 24 hours before; of results that are kept for longer than that.',
});

/** How long the record of a job, without its result, is kept. */
export const recordExpirationTime = seconds('recordExpirationTime');

const ONE_WISH =
  'Expected one of `resultExpirationTime`, `expiresAt` and `pinned`, got none or several.';

/** The body of `PATCH /v1/jobs/{jobId}/retention`: one of its members. */
export const retentionBody = z
  .strictObject({
    resultExpirationTime: seconds('resultExpirationTime')
      .meta({ description: "Counted from the job's finish; 0 lets its result go at once." })
      .exactOptional(),
    expiresAt: instant('expiresAt').meta({ description: 'Later than now.' }).exactOptional(),
    pinned: z
      .boolean()
      .meta({
        description:
          '`true` keeps it as long as the stack keeps anything, from now on; `false` gives back the time that it had before.',
      })
      .exactOptional(),
  })
  .transform((body, context): RetentionRequest => {
    const { resultExpirationTime: forSeconds, expiresAt, pinned } = body;
    const wishes: readonly RetentionRequest[] = [
      ...(forSeconds === undefined ? [] : [{ kind: 'for', seconds: forSeconds } as const]),
      ...(expiresAt === undefined ? [] : [{ kind: 'until', at: expiresAt } as const]),
      ...(pinned === undefined ? [] : [{ kind: pinned ? 'pin' : 'unpin' } as const]),
    ];
    const [wish] = wishes;
    if (wish && wishes.length === 1) return wish;
    context.issues.push({ code: 'custom', input: body, message: ONE_WISH });
    return z.NEVER;
  });
