import type { RequestFault } from '#shared/domain/almanac-error.ts';
import { isObject } from '#shared/domain/triggers/trigger-json.ts';

/** A trigger's JSON, not yet understood, or why there is none. */
export type WrittenTrigger =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly faults: readonly RequestFault[] };

/**
 * Takes a trigger as people write it: its JSON, the same as text, a crontab line, or AWS's `cron(…)`.
 *
 * @param timeZone - For a trigger that does not name its own.
 */
export function writeTrigger(value: unknown, timeZone: string | undefined): WrittenTrigger {
  if (typeof value !== 'string') return withTimeZone(value, timeZone);
  if (!value.trimStart().startsWith('{'))
    return withTimeZone({ kind: 'cron', expression: value }, timeZone);
  try {
    return withTimeZone(JSON.parse(value), timeZone);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    const detail = `Expected the trigger to be JSON or a crontab line, got neither: ${why}`;
    return { ok: false, faults: [{ pointer: '', code: 'trigger.invalid', detail }] };
  }
}

function withTimeZone(json: unknown, timeZone: string | undefined): WrittenTrigger {
  if (timeZone === undefined || !isObject(json)) return { ok: true, json };
  const own = json['timeZone'];
  if (own === undefined) return { ok: true, json: { ...json, timeZone } };
  if (own === timeZone) return { ok: true, json };
  const detail = `Expected one time zone, got ${JSON.stringify(own)} in the trigger and ${JSON.stringify(timeZone)} beside it`;
  return { ok: false, faults: [{ pointer: '/timeZone', code: 'trigger.time-zone', detail }] };
}
