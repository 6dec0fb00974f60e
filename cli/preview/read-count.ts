import { CommandError } from '#cli/command-error.ts';

/** The command shows at most so many fire times of one trigger. */
export const LARGEST_COUNT = 10_000;

/** What a count must be, in a sentence. */
export const countRule = `Expected \`count\` to be a whole number from 1 to ${LARGEST_COUNT}`;

/**
 * Reads `--count`.
 *
 * @throws {CommandError} With exit code 2.
 */
export function readCount(text: string): number {
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= LARGEST_COUNT) return count;
  throw new CommandError(`${countRule}, got \`${text.slice(0, 64)}\`.`, { exitCode: 2 });
}
