import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calendars } from '#shared/contracts/calendars.ts';

/** One file `<name>.json` for each named calendar: a list of dates. */
export const CALENDARS_FOLDER = join(import.meta.dirname, 'calendars');

const SUFFIX = '.json';

/**
 * Writes the calendars of a folder as the one list that the API reads, `calendars.json`.
 *
 * @throws an Error for a file that is no list of dates, or whose name cannot be a calendar's.
 */
export function listCalendars(folder: string): string {
  const files = readdirSync(folder).filter((file) => file.endsWith(SUFFIX));
  const all = files
    .toSorted()
    .map((file) => [file.slice(0, -SUFFIX.length), readJson(join(folder, file))] as const);
  const { error } = calendars.safeParse(Object.fromEntries(all));
  if (!error) return `${JSON.stringify(Object.fromEntries(all))}\n`;
  const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}.`);
  throw new Error(
    `Expected each file of ${folder} to be a list of dates such as 2026-12-25. ${faults.join(' ')}`,
    { cause: error },
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`Expected ${file} to be JSON, got what is not.`, { cause: error });
  }
}
