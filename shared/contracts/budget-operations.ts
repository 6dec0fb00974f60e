import type { Operation } from '#shared/contracts/operation.ts';

/** The operations on budgets, by address and method. */
export const BUDGET_OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/budgets': {
    get: {
      id: 'listBudgets',
      summary: 'Lists the budgets of the stack, and what of each is taken',
      query: 'explain',
      answers: { 200: { description: 'All budgets.', body: 'BudgetPage' } },
      problems: ['request.invalid'],
    },
  },
};
