import { runCli } from '#cli/run-cli.ts';
import { at } from '#test/support/instant.ts';

/** What a command wrote, and how it ended. */
export interface CommandRun {
  readonly exitCode: number;
  readonly output: string;
  readonly warnings: readonly string[];
}

/** Runs `almanac` in this process at 2026-11-23T09:00:00Z, its standard input cut into chunks as given. */
export async function runCommand(
  args: readonly string[],
  input: readonly (string | Uint8Array)[] = [],
): Promise<CommandRun> {
  let output = '';
  const warnings: string[] = [];
  const exitCode = await runCli(args, {
    input: chunksOf(input),
    write: async (text) => {
      output += text;
    },
    warn: (line) => void warnings.push(line),
    now: () => at('2026-11-23T09:00:00Z'),
  });
  return { exitCode, output, warnings };
}

async function* chunksOf(chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
