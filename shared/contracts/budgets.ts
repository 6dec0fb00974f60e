import * as z from 'zod';
import { shown } from '#shared/contracts/faults-of.ts';
import { utf8Bytes } from '#shared/domain/result/utf8.ts';
import {
  type Budget,
  STACK_SCOPE,
  scopeOfTag,
  WHEN_EXCEEDED,
} from '#shared/domain/usage/budget.ts';
import { inMicrodollars } from '#shared/domain/usage/describe-amount.ts';

/** A schedule may be in all budgets, and each is an item of the transaction that writes it. */
const MOST_BUDGETS = 20;

/** A tag is part of a key, and no job can be found by a longer one. */
const LARGEST_TAG_BYTES = 192;

const LARGEST_DOLLARS = 1_000_000_000;

const tag = z
  .string()
  .refine((text) => /^[^\n]+:[^\n]*$/.test(text) && utf8Bytes(text) <= LARGEST_TAG_BYTES, {
    error: ({ input }) =>
      `Expected \`tag\` to be a member of schedules' metadata such as "team:sales", of at most ${LARGEST_TAG_BYTES} bytes in one line, got ${shown(input)}.`,
  });

const storedBytes = z.int({ error: ({ input }) => wrongBytes(input) }).min(1, {
  error: ({ input }) => wrongBytes(input),
});

const dollarsPerMonth = z
  .number({ error: ({ input }) => wrongDollars(input) })
  .refine((dollars) => dollars >= 0.01 && dollars <= LARGEST_DOLLARS, {
    error: ({ input }) => wrongDollars(input),
  });

const budget = z
  .strictObject({
    /** `stack`, or a member of schedules' metadata. */
    scope: z.union([z.literal('stack'), z.strictObject({ tag })], {
      error: ({ input }) =>
        `Expected \`scope\` to be "stack" or { tag: "team:sales" }, got ${shown(input)}.`,
    }),
    /** What may be stored once as much leaves as comes. */
    storedBytes: storedBytes.exactOptional(),
    /** What a month may then cost. */
    dollarsPerMonth: dollarsPerMonth.exactOptional(),
    /** Whether a schedule that would pass it is refused, or written with a warning. */
    onExceeded: z.enum(WHEN_EXCEEDED, {
      error: ({ input }) =>
        `Expected \`onExceeded\` to be "warn" or "refuse", got ${shown(input)}.`,
    }),
  })
  .transform((body, context): Budget => {
    const scope = body.scope === 'stack' ? STACK_SCOPE : scopeOfTag(body.scope.tag);
    const { storedBytes: bytes, dollarsPerMonth: dollars, onExceeded } = body;
    if (bytes !== undefined && dollars === undefined)
      return { scope, measure: 'storedBytes', limit: bytes, onExceeded };
    if (dollars !== undefined && bytes === undefined)
      return { scope, measure: 'microdollars', limit: inMicrodollars(dollars), onExceeded };
    const message = `Expected one of \`storedBytes\` and \`dollarsPerMonth\`, got ${bytes === undefined ? 'neither' : 'both'}.`;
    context.issues.push({ code: 'custom', input: body, message });
    return z.NEVER;
  });

/** The budgets of a stack, as `infra/config.ts` states them: at most one for each scope. */
export const stackBudgets = z
  .array(budget)
  .max(MOST_BUDGETS, { error: `Expected at most ${MOST_BUDGETS} budgets.` })
  .superRefine((budgets, context) => {
    budgets.forEach(({ scope }, at) => {
      if (budgets.findIndex((other) => other.scope === scope) === at) return;
      const message = `Expected one budget for each scope, got another for \`${scope}\`.`;
      context.addIssue({ code: 'custom', path: [at, 'scope'], message });
    });
  });

function wrongBytes(input: unknown): string {
  return `Expected \`storedBytes\` to be a whole number of bytes from 1 on, got ${shown(input)}.`;
}

function wrongDollars(input: unknown): string {
  return `Expected \`dollarsPerMonth\` to be 0.01 to ${LARGEST_DOLLARS} dollars, got ${shown(input)}.`;
}

const scope = z.string().meta({
  description: '`stack`, or a member of metadata, as `tag:team:sales`.',
  examples: ['tag:team:sales'],
});
const measure = z.enum(['storedBytes', 'dollarsPerMonth']);
const limit = z.number().meta({ description: 'In bytes, or in dollars.' });
const onExceeded = z.enum(WHEN_EXCEEDED);

/** A budget as the API answers it. */
export const budgetResource = z.object({
  scope,
  measure,
  limit,
  taken: z.number().meta({
    description: 'What all schedules in its scope come to once as much leaves as comes.',
  }),
  onExceeded,
  isExceeded: z.boolean(),
  isPriced: z
    .literal(false)
    .meta({
      description:
        'There where it is in dollars and the prices of the region are not known: nothing is counted in it.',
    })
    .exactOptional(),
  countedAt: z.iso
    .datetime()
    .meta({
      description:
        'When all schedules were last counted in; absent on a new one that is yet to be.',
    })
    .exactOptional(),
});

/** How a schedule stands to a budget that it is in, in the answer to a dry run. */
export const budgetCheck = z.object({
  scope,
  measure,
  limit,
  taken: z.number().meta({ description: 'Before it is written.' }),
  adds: z.number().meta({ description: 'Less than 0 where the change gives back.' }),
  onExceeded,
  isExceeded: z.boolean().meta({ description: 'Whether it would be warned of, or refused.' }),
});
