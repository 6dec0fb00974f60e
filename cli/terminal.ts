import { once } from 'node:events';
import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';

/** What a command reads from and writes to. */
export interface Terminal {
  readonly input: AsyncIterable<Uint8Array>;
  /** Writes to standard output, and waits where its reader is slower. */
  write(text: string): Promise<void>;
  /** Writes a line to standard error. */
  warn(line: string): void;
  now(): EpochSeconds;
}

/** Makes the terminal of this process. It ends, in peace, once nobody reads its output any more, as `| head` does. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    input: stdin,
    write: async (text) => {
      if (!stdout.write(text)) await once(stdout, 'drain');
    },
    warn: (line) => {
      stderr.write(`${line}\n`);
    },
    now: () => Math.floor(Date.now() / 1000),
  };
}
