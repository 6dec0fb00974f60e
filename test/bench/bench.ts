import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBundle } from '#infra/bundle.ts';
import { synthesize } from '#local/synthesize.ts';
import { measureImports } from '#test/bench/measure-imports.ts';
import { measureJobs } from '#test/bench/measure-jobs.ts';
import { measureStart, type StartFigures } from '#test/bench/measure-start.ts';
import { median } from '#test/bench/median.ts';
import { functionBundles } from '#test/support/function-bundles.ts';
import { allModules, modulesAtStart } from '#test/support/modules-of.ts';

const BARE = 'bare DynamoDB client';
const STARTS = 3;

const folder = await mkdtemp(join(tmpdir(), 'almanac-bench-'));
try {
  const assembly = await synthesize(join(folder, 'assembly'));
  showBundles(assembly);
  await showJobs(assembly);
  await showStart();
} finally {
  await rm(folder, { recursive: true });
}

function showBundles(assembly: string): void {
  const directory = join(folder, 'bare');
  writeBundle(directory, 'test/bench/fixtures/bare-client.ts', {});
  const bundles = [{ name: BARE, directory, variables: [] }, ...functionBundles(assembly)];
  const imports = measureImports(bundles);
  const bareMs = imports.get(BARE) ?? Number.NaN;
  const bareBytes = modulesAtStart(directory).bytes;
  console.log(`Bundles, as deployed: read at each start, whole, and cold import in a fresh process (medians of
interleaved rounds); × the same of a bundle with the DynamoDB client alone.\n`);
  for (const { name, directory: bundle } of bundles) {
    const { bytes, modules } = modulesAtStart(bundle);
    const milliseconds = imports.get(name) ?? Number.NaN;
    const clients = ['zod', 'client-s3', 'client-sqs', 'client-scheduler', 'client-lambda'].filter(
      (part) => modules.some((path) => path.includes(`/${part}/`)),
    );
    console.log(
      `  ${name.padEnd(22)}${kilobytes(bytes)} ×${(bytes / bareBytes).toFixed(2)}${kilobytes(allModules(bundle).bytes)} ${milliseconds.toFixed(1).padStart(7)} ms ×${(milliseconds / bareMs).toFixed(2)}  ${clients.join(' ')}`,
    );
  }
}

async function showJobs(assembly: string): Promise<void> {
  console.log('\nWhat one uncontested job costs, before Usage:\n');
  for (const { what, requests, writeUnits, resultBytes } of await measureJobs(assembly))
    console.log(
      `  ${what.padEnd(18)}${String(resultBytes).padStart(10)} bytes  ${String(writeUnits).padStart(2)} write units  ${requests}`,
    );
}

async function showStart(): Promise<void> {
  const starts: StartFigures[] = [];
  for (let start = 0; start < STARTS; start += 1) starts.push(await measureStart());
  const seconds = median(starts.map(({ firstAnswerSeconds }) => firstAnswerSeconds));
  const restMb = median(starts.map(({ restMb: each }) => each));
  console.log(`
npm start, medians of ${STARTS}:

  to the first answer, synthesizing included  ${seconds.toFixed(1)} s   (promised: under 12 s on 2 cores)
  the host process at rest                    ${restMb.toFixed(0)} MB  (promised: under 300 MB)`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_024).toFixed(0).padStart(7)} KB`;
}
