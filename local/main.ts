import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createApiClient } from '#local/api-client.ts';
import { type LocalCloud, startLocalCloud } from '#local/cloud.ts';
import { createExamples } from '#local/examples.ts';
import { synthesize } from '#local/synthesize.ts';
import { TemplateError } from '#local/template/template-error.ts';
import { watchJobs } from '#local/watch-jobs.ts';
import { welcome } from '#local/welcome.ts';

/** Where the cloud lives between runs, below the folder that it is started in. */
const HOME = resolve('.local');
const ENDPOINTS_FILE = join(HOME, 'endpoints.json');

/** The API's port where none is asked for. */
const DEFAULT_PORT = 4700;

try {
  await main(readOptions());
} catch (error) {
  console.error(error instanceof Error ? explain(error) : error);
  process.exitCode = 1;
}

/** Runs the stack on this machine until Ctrl-C. */
async function main(options: Options): Promise<void> {
  const interrupted = untilInterrupted();
  if (options.fresh) await rm(HOME, { recursive: true, force: true });
  await mkdir(HOME, { recursive: true });
  console.log('Synthesizing the stack…');
  const assembly = await synthesize(join(HOME, 'cdk.out'));
  await using cloud = await startLocalCloud({
    assembly,
    clock: 'real',
    dataDir: join(HOME, 'data'),
    port: options.port,
    auth: options.auth,
    log: (line) => console.log(line),
  });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(ENDPOINTS_FILE, { force: true }));
  cleanup.defer(await watchJobs(cloud, (line) => console.log(line)));
  const { endpoints } = cloud;
  const created = await createExamples(createApiClient(endpoints.api), endpoints.api);
  await writeEndpoints(cloud);
  console.log(welcome(endpoints, { created, auth: options.auth }));
  await interrupted;
  console.log('Stopping…');
}

/** The errors that a newcomer meets get a sentence with the remedy; any other keeps its stack. */
function explain(error: Error): string {
  const { code, port }: { readonly code?: unknown; readonly port?: unknown } = error as object;
  if (code === 'EADDRINUSE')
    return `Expected port ${String(port)} to be free, got one in use. Stop what uses it, or start with --port 0 for any free one.`;
  if (error instanceof TemplateError) return error.message;
  return error.stack ?? error.message;
}

interface Options {
  readonly port: number;
  readonly fresh: boolean;
  readonly auth: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: String(DEFAULT_PORT) },
      fresh: { type: 'boolean', default: false },
      'no-auth': { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`Expected --port to be 0 to 65535, got ${values.port}.`);
  return { port, fresh: values.fresh, auth: !values['no-auth'] };
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

/** Written beside and renamed, so that whoever waits for the file never reads half of it. */
async function writeEndpoints({ endpoints }: LocalCloud): Promise<void> {
  const text = `${JSON.stringify({ ...endpoints, pid: process.pid }, null, 2)}\n`;
  await writeFile(`${ENDPOINTS_FILE}.new`, text);
  await rename(`${ENDPOINTS_FILE}.new`, ENDPOINTS_FILE);
}
