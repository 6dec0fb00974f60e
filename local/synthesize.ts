import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The project's root, where the app finds its sources. */
const ROOT = join(import.meta.dirname, '..');

/** What synthesizing prints is kept to this length, for the message when it fails. */
const LONGEST_REPORT_CHARACTERS = 20_000;

/**
 * Synthesizes the stack in a process of its own, as `cdk synth` does, so that this one never holds the CDK in memory.
 *
 * @param outdir - Where the cloud assembly goes; a new temporary folder when absent.
 * @returns The folder of the assembly.
 * @throws an Error with what the app printed, where it did not end with 0.
 */
export async function synthesize(outdir?: string): Promise<string> {
  const directory = outdir ?? (await mkdtemp(join(tmpdir(), 'almanac-')));
  const child = spawn(process.execPath, ['infra/app.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      // The rules of cdk-nag are for whoever deploys: `cdk synth` checks them, and so does a test.
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let report = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      if (report.length < LONGEST_REPORT_CHARACTERS) report += chunk.toString();
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0)
    throw new Error(`Expected the stack to synthesize, got exit code ${code}:\n${report}`);
  return directory;
}
