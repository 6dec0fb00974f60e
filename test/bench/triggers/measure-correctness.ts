import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import type { Contender } from '#test/bench/triggers/contender.ts';

const oracle = z.object({
  cases: z.array(
    z.object({
      expression: z.string(),
      timeZone: z.string(),
      after: z.string(),
      fires: z.array(z.string()),
    }),
  ),
});

/** How many of the oracle's cases a contender has wholly right. */
export interface Correctness {
  readonly name: string;
  readonly right: number;
  readonly of: number;
}

/** Asks each contender that reads AWS's expressions for the fire times of every case. */
export function measureCorrectness(contenders: readonly Contender[]): readonly Correctness[] {
  const file = new URL('../../oracle/aws-cron.json', import.meta.url);
  const { cases } = oracle.parse(JSON.parse(readFileSync(file, 'utf8')));
  return contenders.flatMap(({ name, prepareAws }) => {
    if (!prepareAws) return [];
    const right = cases.filter((one) => isRight(one, prepareAws)).length;
    return [{ name, right, of: cases.length }];
  });
}

type OracleCase = z.output<typeof oracle>['cases'][number];

function isRight(
  { expression, timeZone, after, fires }: OracleCase,
  prepare: NonNullable<Contender['prepareAws']>,
): boolean {
  try {
    const step = prepare(expression, timeZone);
    let at = fromIso(after) ?? 0;
    for (const fire of fires) {
      const next = step(at);
      if (next === undefined || toIso(next) !== fire) return false;
      at = next;
    }
    return true;
  } catch {
    // What it cannot read, it does not have right; but one that never fires may be refused.
    return fires.length === 0;
  }
}
