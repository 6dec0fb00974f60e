import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from '#test/bench/median.ts';
import type { FunctionBundle } from '#test/support/function-bundles.ts';

/** So many processes per bundle, taken in turns, so that whatever else the machine does falls on all alike. */
const ROUNDS = 9;

const TIME_IMPORT = `
  const start = performance.now();
  await import(process.argv[1]);
  console.log(performance.now() - start);
`;

/** Measures how long each bundle takes to load in a fresh process: the medians, in milliseconds, by name. */
export function measureImports(bundles: readonly FunctionBundle[]): ReadonlyMap<string, number> {
  const times = new Map(bundles.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const bundle of bundles) times.get(bundle.name)?.push(timeImport(bundle));
  return new Map([...times].map(([name, measured]) => [name, median(measured)]));
}

function timeImport({ directory, variables }: FunctionBundle): number {
  const entry = pathToFileURL(join(directory, 'index.mjs')).href;
  const printed = execFileSync(
    process.execPath,
    ['--input-type=module', '--eval', TIME_IMPORT, entry],
    {
      encoding: 'utf8',
      env: { AWS_REGION: 'us-east-1', ...Object.fromEntries(variables.map((name) => [name, 'x'])) },
    },
  );
  return Number(printed);
}
