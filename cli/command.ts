import type { Terminal } from '#cli/terminal.ts';

/** One of the words that may follow `almanac`. */
export interface Command {
  readonly name: string;
  /** One line in the list of commands. */
  readonly summary: string;
  /** What `--help` prints, without the last line's end. */
  readonly help: string;
  /**
   * Does the command's work.
   *
   * @param args - What follows the command's name.
   * @throws {CommandError} Where it cannot be done.
   */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}
