import { isObject } from '#shared/domain/triggers/trigger-json.ts';

/** Calendars by their names, each a list of dates such as `2026-12-25`. */
export type NamedCalendars = Readonly<Record<string, readonly string[]>>;

/** Triggers that are nested deeper are refused anyway. */
const DEEPEST_NESTING = 8;

/**
 * Picks the calendars that a trigger's JSON names in `exclude`, those of the triggers within it included.
 *
 * @param trigger - Foreign data: what is no trigger names none.
 * @returns Without the names that are not known.
 */
export function pickCalendars(trigger: unknown, calendars: NamedCalendars): NamedCalendars {
  const names = new Set(namesIn(trigger, 0));
  return Object.fromEntries(Object.entries(calendars).filter(([name]) => names.has(name)));
}

function namesIn(trigger: unknown, depth: number): readonly string[] {
  if (!isObject(trigger) || depth > DEEPEST_NESTING) return [];
  const { exclude, of } = trigger;
  const own = Array.isArray(exclude) ? exclude.flatMap(nameOf) : [];
  const inner = Array.isArray(of) ? of.flatMap((member) => namesIn(member, depth + 1)) : [];
  return [...own, ...inner];
}

function nameOf(entry: unknown): readonly string[] {
  return isObject(entry) && typeof entry['calendar'] === 'string' ? [entry['calendar']] : [];
}
