import * as z from 'zod';
import { duration } from '#shared/contracts/duration.ts';
import { shown } from '#shared/contracts/faults-of.ts';
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

/** How long the record of a job, without its result, is kept. */
export const recordExpirationTime = seconds('recordExpirationTime');
