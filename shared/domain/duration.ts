const SHORT = /^(\d{1,12})([smhdw])$/;
const ISO =
  /^P(?=.)(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,8})H)?(?:(\d{1,10})M)?(?:(\d{1,12})S)?)?$/;
const SECONDS_PER = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;

/**
 * Reads a length of time in one of the forms that the API takes.
 *
 * Years and months are refused, as their length depends on where they begin.
 *
 * @param value - Whole seconds as a number, `"90s"`, `"15m"`, `"2h"`, `"7d"`, `"1w"`, or ISO 8601 from weeks to seconds.
 * @returns Whole seconds, 0 or more; `undefined` for anything else.
 */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  return parseShort(value) ?? parseIso(value);
}

function parseShort(text: string): number | undefined {
  const [, amount, unit] = SHORT.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return safe(Number(amount) * SECONDS_PER[unit as keyof typeof SECONDS_PER]);
}

function parseIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  return safe(
    (weeks ?? 0) * SECONDS_PER.w +
      (days ?? 0) * SECONDS_PER.d +
      (hours ?? 0) * SECONDS_PER.h +
      (minutes ?? 0) * SECONDS_PER.m +
      (seconds ?? 0),
  );
}

function safe(seconds: number): number | undefined {
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}
