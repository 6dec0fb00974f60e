import * as z from 'zod';
import { faultsOf } from '#shared/contracts/faults-of.ts';
import { select } from '#shared/contracts/result-shape.ts';
import { AlmanacError } from '#shared/domain/almanac-error.ts';

/** A list without `limit` has this many entries. */
const DEFAULT_LIMIT = 25;
const LARGEST_LIMIT = 100;

const limitRule = { error: `Expected \`limit\` to be 1 to ${LARGEST_LIMIT}.` };

/** The query of whatever can say what it read. */
export const explainQuery = z.object({
  explain: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({
      description: '`true` adds what the page cost: requests to DynamoDB, items and read units.',
    }),
});

/** The query of every list. */
export const pageQuery = explainQuery.extend({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, limitRule)
    .transform(Number)
    .pipe(z.number().min(1, limitRule).max(LARGEST_LIMIT, limitRule))
    .default(DEFAULT_LIMIT)
    .meta({ description: `1 to ${LARGEST_LIMIT}; ${DEFAULT_LIMIT} when absent.` }),
  cursor: z
    .string()
    .max(2_048)
    .exactOptional()
    .meta({ description: 'The `next` of the page before.' }),
});

/** The query of a result. */
export const resultQuery = z.object({ select: select.exactOptional() });

/** The query of every write. */
export const writeQuery = z.object({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description: '`true` answers what would be, and writes nothing.' }),
});

/** The query of a change of a schedule. */
export const changeQuery = writeQuery.extend({
  applyToExisting: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({
      description:
        '`true` gives the jobs that have settled the times of the policies as they are then, by a backdating.',
    }),
});

/**
 * Reads a request's query. Parameters that the schema does not know are let pass, as proxies add some.
 *
 * @throws {AlmanacError} `request.invalid`
 */
export function parseQuery<Query extends z.ZodType>(
  schema: Query,
  query: Readonly<Record<string, string>>,
): z.output<Query> {
  const parsed = schema.safeParse(query, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new AlmanacError(
    'request.invalid',
    'Expected a query as documented, got one with faults.',
    {
      faults: faultsOf(parsed.error),
      cause: parsed.error,
    },
  );
}
