import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '#local/services/scheduler/evaluate-expression.ts';
import { toIso } from '#shared/domain/epoch-seconds.ts';
import { fireTimes } from '#shared/domain/triggers/fire-times.ts';
import { toEventBridge } from '#shared/domain/triggers/to-event-bridge.ts';
import type { Trigger } from '#shared/domain/triggers/trigger.ts';
import { aTrigger, aTriggerIfItFires } from '#test/support/a-trigger.ts';
import { anyCrontab } from '#test/support/any-cron.ts';
import { CLOCK_CHANGES } from '#test/support/clock-changes.ts';
import { firstOf } from '#test/support/first-of.ts';
import { at } from '#test/support/instant.ts';

const DAY = 86_400;
const ZONES = Object.keys(CLOCK_CHANGES);
const FIRST_DAY = at('2025-01-01T00:00:00Z');
const LAST_DAY = at('2035-12-31T00:00:00Z');

/** Enough for a comparison of what fires every minute, which need not go on for six days. */
const MOST_COMPARED = 60;

describe('a native expression, by the evaluator of the local scheduler', () => {
  it('fires when the trigger does, around clock changes and on random days', () => {
    let natives = 0;
    fc.assert(
      fc.property(anyTriggerWithWindows(), ({ json, windows }) => {
        const trigger = aTriggerIfItFires(json);
        const native = trigger && toEventBridge(trigger);
        if (!trigger || native?.kind !== 'native') return;
        natives += 1;
        for (const from of windows) expectSameFires(trigger, { from, native });
      }),
      { numRuns: 150 },
    );

    expect(natives).toBeGreaterThan(50);
  });

  it.each([
    'cron(0 3 * * ? *)',
    'cron(30 2 ? * MON-FRI *)',
    'cron(59 23 L * ? *)',
    'cron(0 12 15W * ? *)',
    'cron(45 4 ? * 1#1 *)',
    'cron(15 5 ? * 7L *)',
    'cron(0 6/6 * * ? 2025-2035/2)',
  ])(
    'fires when %s does, three days either side of each clock change of 2025 to 2035',
    (expression) => {
      for (const timeZone of ZONES) {
        const trigger = aTrigger({ kind: 'cron', expression, timeZone });
        const native = toEventBridge(trigger);
        if (native.kind !== 'native') continue;
        for (const change of clockChangesOf(timeZone))
          expectSameFires(trigger, { from: change - 3 * DAY, native });
      }
    },
  );
});

function expectSameFires(
  trigger: Trigger,
  { from, native }: { from: number; native: { expression: string; timeZone: string } },
): void {
  const to = from + 6 * DAY;
  const { next } = evaluateExpression(native.expression, native.timeZone);
  const theirs: number[] = [];
  for (let ms = next(from * 1000 - 1); ms !== undefined && ms <= to * 1000; ms = next(ms)) {
    theirs.push(ms / 1000);
    if (theirs.length === MOST_COMPARED) break;
  }

  const ours = firstOf(fireTimes(trigger, from, to), MOST_COMPARED);
  expect({ ...native, fires: ours.map(toIso) }).toEqual({ ...native, fires: theirs.map(toIso) });
}

function anyTriggerWithWindows() {
  const anyJson = fc.oneof(
    { weight: 3, arbitrary: anyCrontab().map(({ expression }) => ({ kind: 'cron', expression })) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('interval'),
        every: fc.constantFrom('1m', '5m', '20m', '1h', '3h', '8h', '1d'),
        startAt: fc
          .integer({ min: FIRST_DAY / 60 - 100_000, max: FIRST_DAY / 60 })
          .map((minutes) => toIso(minutes * 60)),
      }),
    },
  );
  return fc.constantFrom('UTC', ...ZONES).chain((timeZone) =>
    fc.record({
      json: anyJson.map((json) => ({ ...json, timeZone })),
      windows: fc
        .tuple(
          fc.subarray([...clockChangesOf(timeZone)]).map((found) => found.slice(0, 3)),
          fc.array(fc.integer({ min: FIRST_DAY / DAY, max: LAST_DAY / DAY }), { maxLength: 2 }),
        )
        .map(([changes, days]) => [
          ...changes.map((change) => change - 3 * DAY),
          ...changes.map((change) => change - 3600),
          ...days.map((day) => day * DAY),
        ]),
    }),
  );
}

const changes = new Map<string, readonly number[]>();

/** Every clock change of 2025 to 2035, as Temporal finds them. */
function clockChangesOf(timeZone: string): readonly number[] {
  const known = changes.get(timeZone);
  if (known) return known;
  const found: number[] = [];
  let change = Temporal.Instant.fromEpochMilliseconds(FIRST_DAY * 1000)
    .toZonedDateTimeISO(timeZone)
    .getTimeZoneTransition('next');
  while (change && change.epochMilliseconds / 1000 < LAST_DAY) {
    found.push(change.epochMilliseconds / 1000);
    change = change.getTimeZoneTransition('next');
  }
  changes.set(timeZone, found);
  return found;
}
