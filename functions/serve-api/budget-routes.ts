import { Hono } from 'hono';
import { explainQuery, parseQuery } from '#shared/contracts/parse-query.ts';
import { NO_COST } from '#shared/domain/read-cost.ts';
import { pricesOf } from '#shared/domain/usage/prices.ts';
import type { ApiPorts } from './api-ports.ts';
import { budgetResource } from './budget-resource.ts';

/** Serves `/budgets`. */
export function budgetRoutes(ports: ApiPorts): Hono {
  const routes = new Hono();
  routes.get('/', async (c) => c.json(await listBudgets(c.req.query(), ports)));
  return routes;
}

/** They are few, so one page holds them. */
async function listBudgets(query: Readonly<Record<string, string>>, ports: ApiPorts) {
  const { explain } = parseQuery(explainQuery, query);
  const { budgets, region } = ports;
  const { ledgers, cost } =
    budgets.length === 0 ? { ledgers: [], cost: NO_COST } : await ports.ledgers.read();
  const prices = pricesOf(region);
  const data = budgets.map((budget) => {
    const ledger = ledgers.find(({ scope }) => scope === budget.scope);
    return budgetResource(budget, ledger, prices);
  });
  return { data, next: null, ...(explain && { explain: cost }) };
}
