import * as z from 'zod';
import { shown } from '#shared/contracts/faults-of.ts';
import { fromIso } from '#shared/domain/epoch-seconds.ts';
import { DAY_SECONDS, readDate } from '#shared/domain/triggers/civil-date.ts';

/**
 * An instant in a query, or a day in UTC, read as epoch seconds.
 *
 * @param name - The parameter, as sentences call it.
 * @param end - Which second of a day is meant: `from` a day is its first, `to` a day its last.
 */
export function instantOrDay(name: string, end: 'first' | 'last') {
  return z
    .string()
    .transform((text, context) => {
      const day = readDate(text);
      if (day !== undefined) return day * DAY_SECONDS + (end === 'first' ? 0 : DAY_SECONDS - 1);
      const instant = fromIso(text);
      if (instant !== undefined) return instant;
      context.issues.push({
        code: 'custom',
        input: text,
        message: `Expected \`${name}\` to be a day such as 2026-11-23, or an instant such as 2026-11-23T09:00:00Z, got ${shown(text)}.`,
      });
      return z.NEVER;
    })
    .exactOptional();
}
