import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CommandError } from '#cli/command-error.ts';

/**
 * Reads a command's options.
 *
 * @throws {CommandError} With exit code 2, for an option that is unknown or lacks its value.
 */
export function parseOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [sentence] = error.message.split('. ');
    throw new CommandError(`Expected options as --help lists them, got others: ${sentence}.`, {
      exitCode: 2,
      cause: error,
    });
  }
}
