import * as z from 'zod';
import { PROBLEMS } from '#shared/domain/almanac-error.ts';

/** An error as RFC 9457 has it. See https://www.rfc-editor.org/rfc/rfc9457 */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(PROBLEMS)),
  detail: z.string(),
  instance: z.string(),
  archive: z
    .string()
    .meta({
      description:
        'With `result.expired`: the partition of the archive in which the result is, or is within the day; absent where it is not archived.',
      examples: ['archive/keep=1095d/day=2026-11-23/'],
    })
    .exactOptional(),
  errors: z
    .array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() }))
    .exactOptional(),
});
