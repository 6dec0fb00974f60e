import { describe, expect, it } from 'vitest';
import { fromIso, toIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import { nextFireTime } from '#shared/domain/triggers/next-fire-time.ts';
import { parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import { type ApschedulerCase, apschedulerCases } from '#test/support/apscheduler-cases.ts';
import { firstOf } from '#test/support/first-of.ts';

describe('triggers of APScheduler, in our notation', () => {
  it('are as many as the oracle holds', () => {
    const counts = (['upstream_tests', 'derived', 'upstream_defects'] as const).map(
      (group) => apschedulerCases(group).length,
    );

    expect(counts).toEqual([35, 40, 8]);
  });

  it.each(apschedulerCases('upstream_tests'))('upstream test $id', check);

  it.each(apschedulerCases('derived'))('derived $id', check);

  it.each(apschedulerCases('upstream_defects'))('right where upstream is wrong: $id', check);
});

function check({ trigger, expect: expected }: ApschedulerCase): void {
  const parsed = parseTrigger(trigger);

  if (expected.error) {
    expect(parsed).toMatchObject({ ok: false });
  } else if (expected.rule) {
    expect(expected.rule).toBe(
      'first fire is the next whole minute after now (instant), whatever the host zone',
    );
    expect(parsed.ok && nextFireTime(parsed.trigger, at('2026-11-23T13:13:20Z'))).toBe(
      at('2026-11-23T13:14:00Z'),
    );
  } else if (parsed.ok) {
    const fires = expected.fires ?? [];
    const asked = expected.exhausted ? fires.length + 1 : Math.max(fires.length, 1);
    const found = firstOf(fireTimes(parsed.trigger, 0), asked);
    expect(expected.fires ? found.map(toIso) : found.length).toEqual(
      expected.fires ? fires.map((fire) => toIso(at(fire))) : 1,
    );
  } else {
    expect(expected).toMatchObject({ fires: [], exhausted: true });
  }
}

function at(iso: string): number {
  return fromIso(iso) ?? Number.NaN;
}
