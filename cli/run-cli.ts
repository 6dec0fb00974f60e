import { calendarCommand } from '#cli/calendar/calendar-command.ts';
import type { Command } from '#cli/command.ts';
import { CommandError } from '#cli/command-error.ts';
import { previewCommand } from '#cli/preview/preview-command.ts';
import type { Terminal } from '#cli/terminal.ts';

const COMMANDS: readonly Command[] = [previewCommand, calendarCommand];

const HELP = `Usage: almanac <command> [options]

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

almanac <command> --help says more about each.`;

/**
 * Runs the `almanac` command.
 *
 * @param args - What follows `almanac` on the command line.
 * @returns The exit code: 0, 1 where the command failed, 2 where the command line is wrong.
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await dispatch(args, terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.warn(`almanac: ${error.message}`);
    return error.exitCode;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<void> {
  const [name = '--help', ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') return terminal.write(`${HELP}\n`);
  const command = COMMANDS.find((known) => known.name === name);
  if (!command) throw unknownCommand(name);
  if (rest.includes('--help') || rest.includes('-h')) return terminal.write(`${command.help}\n`);
  return command.run(rest, terminal);
}

function unknownCommand(name: string): CommandError {
  const known = COMMANDS.map((command) => `\`${command.name}\``).join(' or ');
  return new CommandError(
    `Expected a command to be ${known}, got \`${name.slice(0, 64)}\`. See almanac --help.`,
    { exitCode: 2 },
  );
}
