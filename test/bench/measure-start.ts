import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** What `npm start` takes, in an empty folder. */
export interface StartFigures {
  /** From the command to the first answered request, synthesizing included. */
  readonly firstAnswerSeconds: number;
  /** The host process's resident memory, at rest. */
  readonly restMb: number;
}

const MAIN = join(import.meta.dirname, '../../local/main.ts');

const LONGEST_START_MS = 120_000;
const POLL_MS = 20;

/** The first minute's firings are not waited for: at rest is when nothing has been asked for some seconds. */
const REST_MS = 5_000;

/** Starts the local cloud as `npm start` does, asks it once, lets it rest and stops it. */
export async function measureStart(): Promise<StartFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'almanac-start-'));
  const began = performance.now();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, '--port', '0'],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  try {
    const api = await apiOf(join(folder, '.local', 'endpoints.json'));
    const { status } = await fetch(`${api}/v1/health`);
    if (status !== 200) throw new Error(`Expected /v1/health to answer 200, got ${status}.`);
    const firstAnswerSeconds = (performance.now() - began) / 1_000;
    await wait(REST_MS);
    return { firstAnswerSeconds, restMb: residentMb(child.pid) };
  } finally {
    child.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true });
  }
}

/** Waits for the file that says that all is ready. */
async function apiOf(endpointsFile: string): Promise<string> {
  const deadline = performance.now() + LONGEST_START_MS;
  for (;;) {
    const text = await readFile(endpointsFile, 'utf8').catch(() => undefined);
    if (text !== undefined) return String(JSON.parse(text).api);
    if (performance.now() > deadline)
      throw new Error(`Expected a local cloud within ${LONGEST_START_MS / 1_000} s, got none.`);
    await wait(POLL_MS);
  }
}

function residentMb(pid: number | undefined): number {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(kilobytes) / 1_024;
}
