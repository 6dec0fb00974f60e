import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '#local/services/scheduler/evaluate-expression.ts';
import { wallTimeOf } from '#local/services/scheduler/zone-time.ts';

interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

function allTimes(expression: string, timeZone: string, { fromMs, toMs }: Period): number[] {
  const evaluation = evaluateExpression(expression, timeZone);
  const found: number[] = [];
  let next = evaluation.next(fromMs, { endMs: toMs });
  for (; next !== undefined; next = evaluation.next(next, { endMs: toMs })) found.push(next);
  return found;
}

/** Every minute that a zone's clock shows in a period, each at its first instant. */
function wallTimes({ fromMs, toMs, timeZone }: Period & { readonly timeZone: string }) {
  const shown = new Map<number, number>();
  for (let ms = fromMs; ms <= toMs; ms += 60_000) {
    const wallMs = wallTimeOf(ms, timeZone);
    if (!shown.has(wallMs)) shown.set(wallMs, ms);
  }
  return [...shown].map(([wallMs, ms]) => ({ wall: new Date(wallMs), ms }));
}

/** Days that hold the clock changes of the zones, and one that holds none. */
const daysOfClockChanges = [
  '2026-03-29',
  '2026-10-25',
  '2026-04-05',
  '2026-10-04',
  '2026-09-06',
  '2026-04-24',
  '2026-10-30',
  '2026-06-01',
];

describe('evaluateExpression: against a scan of every minute', () => {
  const zones = ['UTC', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Cairo', 'Europe/London'];
  const minutes = fc.oneof(
    fc.integer({ min: 0, max: 59 }).map((m) => ({ text: `${m}`, has: (v: number) => v === m })),
    fc
      .integer({ min: 7, max: 59 })
      .map((n) => ({ text: `*/${n}`, has: (v: number) => v % n === 0 })),
    fc
      .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 29 }))
      .map(([a, n]) => ({ text: `${a}/${n}`, has: (v: number) => v >= a && (v - a) % n === 0 })),
  );
  const hours = fc.oneof(
    fc.constant({ text: '*', has: () => true }),
    fc.integer({ min: 0, max: 3 }).map((h) => ({ text: `${h}`, has: (v: number) => v === h })),
    fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 12, max: 23 })).map(([a, b]) => ({
      text: `${a}-${b}/3`,
      has: (v: number) => v >= a && v <= b && (v - a) % 3 === 0,
    })),
  );

  it('gives the wall-clock times that match, each at its first instant, and no other', async () => {
    const scenario = fc.record({
      minute: minutes,
      hour: hours,
      timeZone: fc.constantFrom(...zones),
      day: fc.constantFrom(...daysOfClockChanges),
    });
    await fc.assert(
      fc.property(scenario, ({ minute, hour, timeZone, day }) => {
        const fromMs = Date.parse(`${day}T00:00:00Z`) - 18 * 3_600_000;
        const toMs = fromMs + 40 * 3_600_000;
        const expected = wallTimes({ fromMs: fromMs - 7_200_000, toMs, timeZone })
          .filter(({ wall }) => minute.has(wall.getUTCMinutes()) && hour.has(wall.getUTCHours()))
          .map(({ ms }) => ms)
          .filter((ms) => ms > fromMs);
        const expression = `cron(${minute.text} ${hour.text} * * ? *)`;

        expect(allTimes(expression, timeZone, { fromMs, toMs })).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('gives the days that match the day fields, for years', async () => {
    const days = fc.oneof(
      fc
        .integer({ min: 1, max: 31 })
        .map((d) => ({ text: `${d} * ?`, has: (day: Date) => day.getUTCDate() === d })),
      fc.constant({
        text: 'L * ?',
        has: (day: Date) => new Date(day.getTime() + 86_400_000).getUTCDate() === 1,
      }),
      fc
        .integer({ min: 1, max: 31 })
        .map((d) => ({ text: `${d}W * ?`, has: (day: Date) => isNearestWeekday(day, d) })),
      fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 })).map(([w, n]) => ({
        text: `? * ${w}#${n}`,
        has: (day: Date) => day.getUTCDay() === w - 1 && Math.ceil(day.getUTCDate() / 7) === n,
      })),
      fc.integer({ min: 1, max: 7 }).map((w) => ({
        text: `? * ${w}L`,
        has: (day: Date) =>
          day.getUTCDay() === w - 1 && new Date(day.getTime() + 7 * 86_400_000).getUTCDate() <= 7,
      })),
      fc.integer({ min: 1, max: 12 }).map((m) => ({
        text: `? ${m} MON-FRI`,
        has: (day: Date) => day.getUTCMonth() === m - 1 && day.getUTCDay() % 6 !== 0,
      })),
    );
    await fc.assert(
      fc.property(days, fc.integer({ min: 1999, max: 2100 }), (rule, year) => {
        const expected: number[] = [];
        for (let ms = Date.UTC(year, 0); ms < Date.UTC(year + 2, 0); ms += 86_400_000)
          if (rule.has(new Date(ms))) expected.push(ms);
        const period = { fromMs: Date.UTC(year, 0) - 1, toMs: Date.UTC(year + 2, 0) - 1 };

        expect(allTimes(`cron(0 0 ${rule.text} *)`, 'UTC', period)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});

/** The weekday nearest to the d-th, never in another month; months without a d-th have none. */
function isNearestWeekday(day: Date, d: number): boolean {
  const lastDay = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
  if (d > lastDay) return false;
  const weekday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), d)).getUTCDay();
  let nearest = d;
  if (weekday === 6) nearest = d === 1 ? 3 : d - 1;
  if (weekday === 0) nearest = d === lastDay ? d - 2 : d + 1;
  return day.getUTCDate() === nearest;
}
