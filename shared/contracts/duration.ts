import * as z from 'zod';
import { shown } from '#shared/contracts/faults-of.ts';
import { parseDuration } from '#shared/domain/duration.ts';

/**
 * A length of time in a body: whole seconds, `"7d"`, or ISO 8601; read as whole seconds.
 *
 * @param bounds - Seconds, both included.
 * @param name - The field, as sentences call it.
 */
export function duration(name: string, bounds: { readonly min: number; readonly max: number }) {
  const sentence = (input: unknown) =>
    `Expected \`${name}\` to be seconds, "7d" or ISO 8601, from ${bounds.min} to ${bounds.max} seconds, got ${shown(input)}.`;
  return z
    .union([z.number(), z.string().max(64)], { error: ({ input }) => sentence(input) })
    .transform((value, context) => {
      const seconds = parseDuration(value);
      if (seconds !== undefined && seconds >= bounds.min && seconds <= bounds.max) return seconds;
      context.issues.push({ code: 'custom', input: value, message: sentence(value) });
      return z.NEVER;
    })
    .meta({
      description: `Seconds, or text as "90s", "7d", "PT15M": ${bounds.min} to ${bounds.max} seconds.`,
    });
}
