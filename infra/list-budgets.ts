import type * as z from 'zod';
import { stackBudgets } from '#shared/contracts/budgets.ts';

/**
 * Writes a stack's budgets as the list that its functions read, `budgets.json`.
 *
 * @throws an Error that names all faults at once.
 */
export function listBudgets(budgets: z.input<typeof stackBudgets>): string {
  const { error } = stackBudgets.safeParse(budgets, { reportInput: true });
  if (!error) return `${JSON.stringify(budgets)}\n`;
  const faults = error.issues.map(({ path, message }) => `budgets.${path.join('.')}: ${message}`);
  throw new Error(
    `Expected the budgets of infra/config.ts to be ones that can be held. ${faults.join(' ')}`,
    { cause: error },
  );
}
