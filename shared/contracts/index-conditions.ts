import * as z from 'zod';
import { shown } from '#shared/contracts/faults-of.ts';
import { COMPARISONS, type IndexCondition } from '#shared/domain/job/job-filter.ts';
import {
  INDEX_NAME_PATTERN,
  indexValueOf,
  MOST_INDEXES,
} from '#shared/domain/result/index-value.ts';

/** Conditions on what results had at the paths of their schedules' indexes, as a query states them. */
export const indexConditions = z
  .string()
  .max(512)
  .transform((text, context) => {
    const conditions = text.split(',').map(parseCondition);
    const known = conditions.filter((condition) => condition !== undefined);
    if (known.length === conditions.length && known.length <= MOST_INDEXES) return known;
    context.issues.push({
      code: 'custom',
      input: text,
      message: `Expected \`where\` to be up to ${MOST_INDEXES} conditions on indexes, as total>100 or status=ok, with commas between, got ${shown(text)}.`,
    });
    return z.NEVER;
  })
  .meta({
    description:
      "Conditions on the schedule's `indexes`, with commas between: a name, one of = != < <= > >=, and a number, true, false, or a text.",
    examples: ['total>100', 'status=failed,total>=10'],
  });

function parseCondition(text: string): IndexCondition | undefined {
  const [, name = ''] = /^(\w+)/.exec(text) ?? [];
  const rest = text.slice(name.length);
  const comparison = COMPARISONS.find((known) => rest.startsWith(known));
  if (!INDEX_NAME_PATTERN.test(name) || comparison === undefined) return undefined;
  const value = indexValueOf(literalOf(rest.slice(comparison.length)));
  return value === null ? undefined : { name, comparison, value };
}

/** A text that looks like a number, or like true or false, is one, unless it stands in quotation marks. */
function literalOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text;
}
