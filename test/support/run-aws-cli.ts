import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OPERATOR_KEY } from '#local/iam/callers.ts';

/** The AWS CLI, as someone uses it who has nothing configured. */
export interface AwsCli extends AsyncDisposable {
  /** An empty folder, which is its home and working directory. */
  readonly home: string;
  /**
   * Runs a command, and gives what it printed, read as JSON where it is.
   *
   * @param endpoint - Where the local service is.
   * @throws execFile's error where the command ends with another code than 0.
   */
  run(endpoint: string, ...words: readonly string[]): Promise<unknown>;
}

const runFile = promisify(execFile);

/** Where Debian's package puts it, and where anything else is found. */
const PLACES = ['/usr/bin/aws', 'aws'];

/**
 * Finds an AWS CLI of version 2.
 *
 * @returns Its place, or `undefined` where this machine has none.
 */
export function findAwsCli(): string | undefined {
  return PLACES.find((place) => {
    try {
      return execFileSync(place, ['--version'], { encoding: 'utf8' }).startsWith('aws-cli/2.');
    } catch {
      return false;
    }
  });
}

/** Makes a home for an AWS CLI, and a way to run it there. */
export async function openAwsCli(place: string, region: string): Promise<AwsCli> {
  const home = await mkdtemp(join(tmpdir(), 'almanac-aws-cli-'));
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    AWS_ACCESS_KEY_ID: OPERATOR_KEY,
    AWS_SECRET_ACCESS_KEY: OPERATOR_KEY,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return {
    home,
    run: async (endpoint, ...words) => {
      const everywhere = ['--endpoint-url', endpoint, '--output', 'json', '--no-cli-pager'];
      const { stdout } = await runFile(place, [...words, ...everywhere], { env, cwd: home });
      return /^\s*[[{]/.test(stdout) ? JSON.parse(stdout) : stdout.trim();
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true }),
  };
}
