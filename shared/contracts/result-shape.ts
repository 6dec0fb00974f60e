import * as z from 'zod';
import { shown } from '#shared/contracts/faults-of.ts';
import { PERSISTS } from '#shared/domain/job/policy.ts';
import { parsePointer } from '#shared/domain/result/json-pointer.ts';
import { findQueryFault, LONGEST_QUERY_CHARACTERS } from '#shared/domain/result/query-json.ts';

/** More pointers, and longer ones, would weigh on each start. */
const MOST_POINTERS = 50;
const LONGEST_POINTER_CHARACTERS = 256;

/** A JMESPath in a request, of at most 1,024 characters. */
export const select = z
  .string()
  .max(LONGEST_QUERY_CHARACTERS)
  .superRefine((expression, context) => {
    const fault = findQueryFault(expression);
    if (fault !== undefined)
      context.addIssue({
        code: 'custom',
        input: expression,
        message: `Expected \`select\` to be a JMESPath, got ${shown(expression)}: ${fault}`,
      });
  })
  .meta({
    description:
      'A JMESPath: what it finds in each result, after `redact`, is stored instead of the whole.',
    examples: ['summary.total', 'rows[?price > `100`].sku'],
  });

const pointers = z
  .array(
    z
      .string()
      .max(LONGEST_POINTER_CHARACTERS)
      .refine((text) => parsePointer(text) !== undefined, {
        error: ({ input }) =>
          `Expected a JSON pointer as \`/customer/email\` or \`/rows/*/card\`, got ${shown(input)}.`,
      }),
  )
  .min(1)
  .max(MOST_POINTERS);

/** What is taken out of each result before anything is stored. */
export const redact = z
  .strictObject({
    drop: pointers.meta({ description: 'What they point to is left out.' }).exactOptional(),
    hash: pointers
      .meta({
        description: "What they point to is replaced by a digest under the stack's own key.",
      })
      .exactOptional(),
  })
  .meta({
    description:
      'JSON pointers into what the task returns, taken out before anything is stored; a step `*` is every member or element.',
    examples: [{ drop: ['/password'], hash: ['/rows/*/email'] }],
  });

/** Which results of successes are stored. */
export const persist = z.enum(PERSISTS).meta({
  description:
    '`on-error`: of a job that went well, its record alone. `on-change`: a result that is as the one before is flagged `unchanged`, and a large one is stored once.',
});
