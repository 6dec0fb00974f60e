import * as z from 'zod';
import { shown } from '#shared/contracts/faults-of.ts';
import { fromIso } from '#shared/domain/epoch-seconds.ts';

/**
 * An instant in a request: ISO 8601 with `Z` or an offset, read as epoch seconds; a fraction of a second is cut off.
 *
 * @param name - The field, as sentences call it.
 */
export function instant(name: string) {
  const sentence = (input: unknown) =>
    `Expected \`${name}\` to be an instant such as 2026-11-23T09:00:00Z, with Z or an offset, got ${shown(input)}.`;
  return z
    .string({ error: ({ input }) => sentence(input) })
    .transform((text, context) => {
      const seconds = fromIso(text);
      if (seconds !== undefined) return seconds;
      context.issues.push({ code: 'custom', input: text, message: sentence(text) });
      return z.NEVER;
    })
    .meta({ description: 'ISO 8601 with `Z` or an offset.', examples: ['2026-11-23T09:00:00Z'] });
}
