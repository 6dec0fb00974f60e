import { cronWallTimes } from '#local/services/scheduler/cron-wall-times.ts';
import type { GrammarChoices } from '#local/services/scheduler/parse-cron.ts';
import { type Expression, parseExpression } from '#local/services/scheduler/parse-expression.ts';
import { DEFAULT_CHOICES } from '#local/services/scheduler/undocumented-choices.ts';
import { instantOf, wallTimeOf } from '#local/services/scheduler/zone-time.ts';

/** What limits the times of a recurring expression, in epoch milliseconds; `at()` knows no limits. */
interface ExpressionBounds {
  /** No time comes before it; a rate's first is the whole second that is not before it. */
  readonly startMs?: number | undefined;
  /** No time comes after it. */
  readonly endMs?: number | undefined;
  /** Where a rate without `startMs` counts from, its own first time: the whole second that holds it. */
  readonly anchorMs?: number | undefined;
}

/** An expression in a time zone, ready to be asked for its times. */
export interface Evaluation {
  readonly kind: Expression['kind'];
  /**
   * Finds the first time strictly after an instant, on a whole second.
   *
   * A rate with neither `startMs` nor `anchorMs` counts from `afterMs`.
   *
   * @returns Epoch milliseconds, or `undefined` when there is none any more.
   */
  next(afterMs: number, bounds?: ExpressionBounds): number | undefined;
}

/** Evaluations are kept for the expressions used last: a compiled cron expression takes 85 KB. */
const MAX_KEPT = 256;
const kept = new Map<string, Evaluation>();

/**
 * Makes an expression of EventBridge Scheduler answer when it is due.
 *
 * A cron time that the spring gap removes is skipped; one that the autumn fold repeats is due once, the first time.
 * It deliberately shares nothing with the trigger engine of the product, which is tested against it.
 *
 * @param timeZone - An IANA name; rates do not depend on it.
 * @throws {RangeError} for an expression that EventBridge refuses.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
export function evaluateExpression(
  expression: string,
  timeZone: string,
  choices: GrammarChoices = DEFAULT_CHOICES,
): Evaluation {
  const { fiveFieldCron, bothDayFields, nameCase, reversedRanges, lastWeekday, atInGap } = choices;
  const grammar = [fiveFieldCron, bothDayFields, nameCase, reversedRanges, lastWeekday, atInGap];
  const key = JSON.stringify([expression, timeZone, ...grammar]);
  const found = kept.get(key) ?? evaluate(expression, timeZone, choices);
  kept.delete(key);
  kept.set(key, found);
  for (const oldest of kept.keys()) {
    if (kept.size <= MAX_KEPT) break;
    kept.delete(oldest);
  }
  return found;
}

function evaluate(text: string, timeZone: string, choices: GrammarChoices): Evaluation {
  const expression = parseExpression(text, choices);
  if (!expression) throw new RangeError(`Invalid Schedule Expression ${text}.`);
  switch (expression.kind) {
    case 'rate':
      return {
        kind: 'rate',
        next: (afterMs, bounds = {}) => nextOfRate(expression.everyMs, afterMs, bounds),
      };
    case 'cron':
      return cronEvaluation(cronWallTimes(expression.fields, choices.bothDayFields), timeZone);
    case 'at':
      return atEvaluation(expression.wallMs, timeZone, choices.atInGap);
  }
}

function nextOfRate(
  everyMs: number,
  afterMs: number,
  bounds: ExpressionBounds,
): number | undefined {
  const { startMs, anchorMs, endMs = Number.POSITIVE_INFINITY } = bounds;
  const firstMs =
    startMs === undefined
      ? Math.floor((anchorMs ?? afterMs) / 1000) * 1000
      : Math.ceil(startMs / 1000) * 1000;
  const passed = Math.floor((afterMs - firstMs) / everyMs) + 1;
  const nextMs = firstMs + Math.max(passed, 0) * everyMs;
  return nextMs <= endMs ? nextMs : undefined;
}

function cronEvaluation(
  nextWallMs: (afterMs: number) => number | undefined,
  timeZone: string,
): Evaluation {
  // Whoever asks from within the gap between two times gets the same answer; schedules that share an expression do.
  let known = { fromMs: Number.POSITIVE_INFINITY, foundMs: Number.NEGATIVE_INFINITY };
  const nextMs = (lowerMs: number): number => {
    if (lowerMs >= known.fromMs && lowerMs < known.foundMs) return known.foundMs;
    const foundMs = firstInstant(lowerMs, nextWallMs, timeZone) ?? Number.POSITIVE_INFINITY;
    known = { fromMs: lowerMs, foundMs };
    return foundMs;
  };
  return {
    kind: 'cron',
    next: (afterMs, { startMs = 0, endMs = Number.MAX_VALUE } = {}) => {
      const foundMs = nextMs(Math.max(afterMs, startMs - 1, -1));
      return foundMs <= endMs ? foundMs : undefined;
    },
  };
}

function firstInstant(
  lowerMs: number,
  nextWallMs: (afterMs: number) => number | undefined,
  timeZone: string,
): number | undefined {
  let wallMs = nextWallMs(wallTimeOf(lowerMs, timeZone));
  while (wallMs !== undefined) {
    const instant = instantOf(wallMs, timeZone);
    // In the second pass of a fold the wall clock shows times whose instants have passed.
    if (instant.kind === 'instant' && instant.ms > lowerMs) return instant.ms;
    wallMs = nextWallMs(wallMs);
  }
  return undefined;
}

function atEvaluation(
  wallMs: number,
  timeZone: string,
  atInGap: GrammarChoices['atInGap'],
): Evaluation {
  const instant = instantOf(wallMs, timeZone);
  if (instant.kind === 'gap' && atInGap === 'never-fire')
    return { kind: 'at', next: () => undefined };
  const ms = instant.kind === 'gap' ? instant.shiftedMs : instant.ms;
  return { kind: 'at', next: (afterMs) => (ms > afterMs ? ms : undefined) };
}
