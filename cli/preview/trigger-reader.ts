import type { Calendars } from '#shared/contracts/calendars.ts';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import { type ParsedTrigger, parseTrigger } from '#shared/domain/triggers/parse-trigger.ts';
import { isObject } from '#shared/domain/triggers/trigger-json.ts';

/** Reads triggers, each different one once. */
export interface TriggerReader {
  /** @param anchorAt - What an interval without `startAt`, or a calendar interval without `startDate`, counts from. */
  read(json: unknown, anchorAt: EpochSeconds): ParsedTrigger;
}

/** So many triggers are kept; then all are forgotten, which is simple and rare. */
const MOST_KEPT = 4_096;

/** A longer trigger is read anew each time, so that what is kept stays within some ten megabytes. */
const LONGEST_KEPT = 2_048;

/** Triggers that are nested deeper are refused when they are read. */
const DEEPEST_NESTING = 8;

/** Makes a reader that keeps what it has read: most of the work on a line is understanding its trigger. */
export function createTriggerReader(calendars: Calendars): TriggerReader {
  const kept = new Map<string, ParsedTrigger>();
  return {
    read(json, anchorAt) {
      const text = JSON.stringify(json) ?? '';
      const key = countsFromAnchor(json, 0) ? `${anchorAt} ${text}` : text;
      const known = kept.get(key);
      if (known) return known;
      const parsed = parseTrigger(json, { anchorAt, calendars });
      if (text.length > LONGEST_KEPT) return parsed;
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, parsed);
      return parsed;
    },
  };
}

function countsFromAnchor(json: unknown, depth: number): boolean {
  if (!isObject(json) || depth > DEEPEST_NESTING) return false;
  const { kind, of, startAt, startDate } = json;
  if (kind === 'interval') return startAt === undefined;
  if (kind === 'calendarInterval') return startDate === undefined;
  return Array.isArray(of) && of.some((member) => countsFromAnchor(member, depth + 1));
}
