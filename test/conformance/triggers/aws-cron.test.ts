import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import { firstOf } from '#test/support/first-of.ts';

interface Oracle {
  readonly accepted: readonly string[];
  readonly rejected: readonly string[];
  readonly cases: readonly {
    readonly id: string;
    readonly expression: string;
    readonly timeZone: string;
    readonly after: string;
    readonly fires: readonly string[];
  }[];
}

const oracle = JSON.parse(
  readFileSync(new URL('../../oracle/aws-cron.json', import.meta.url), 'utf8'),
) as Oracle;

describe('cron triggers in the form of EventBridge Scheduler', () => {
  it('are as many as the oracle holds', () => {
    expect([oracle.accepted.length, oracle.rejected.length, oracle.cases.length]).toEqual([
      6, 17, 72,
    ]);
  });

  it.each(oracle.accepted)('accept %s, as AWS does', (expression) => {
    const parsed = parseTrigger({ kind: 'cron', expression });

    expect(parsed).toMatchObject({ ok: true });
  });

  it.each(oracle.rejected)('refuse %s, as AWS does', (expression) => {
    const parsed = parseTrigger({ kind: 'cron', expression });

    expect(parsed).toMatchObject({ ok: false, faults: [{ pointer: '/expression' }] });
  });

  it.each(oracle.cases)(
    '$id: $expression in $timeZone',
    ({ expression, timeZone, after, fires }) => {
      const parsed = parseTrigger({ kind: 'cron', expression, timeZone });

      expect(firstFires(parsed, { after, count: fires.length })).toEqual(fires);
    },
  );
});

/** A trigger that is refused because it can never fire has no fire times. */
function firstFires(
  parsed: ReturnType<typeof parseTrigger>,
  { after, count }: { after: string; count: number },
): readonly string[] {
  if (!parsed.ok) {
    expect(parsed.faults).toMatchObject([{ code: 'trigger.never-fires' }]);
    return [];
  }
  const from = (fromIso(after) ?? Number.NaN) + 1;
  return firstOf(fireTimes(parsed.trigger, from), Math.max(count, 1)).map(toIso);
}
