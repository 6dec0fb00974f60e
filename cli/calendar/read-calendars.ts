import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '#cli/command-error.ts';
import { type Calendars, calendars } from '#shared/contracts/calendars.ts';

/** Where the stack takes its calendars from: one file `<name>.json` each. */
export const CALENDARS_FOLDER = join(import.meta.dirname, '../../infra/calendars');

/**
 * Reads the named calendars of a folder.
 *
 * @returns None where the folder does not exist.
 * @throws {CommandError} For a file that is no calendar.
 */
export function readCalendars(folder: string): Calendars {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const all = files.map((file) => [file.slice(0, -'.json'.length), readJson(join(folder, file))]);
  const { data, error } = calendars.safeParse(Object.fromEntries(all));
  if (data) return data;
  const [issue] = error.issues;
  throw new CommandError(
    `Expected each file of ${folder} to be a list of dates such as 2026-12-25, got another thing at ${issue?.path.join('.')}: ${issue?.message}`,
    { exitCode: 1, cause: error },
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CommandError(`Expected ${file} to be JSON, got what is not.`, {
      exitCode: 1,
      cause: error,
    });
  }
}
