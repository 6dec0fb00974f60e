import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { PLAYS_AT_ONCE, playAtRandom, sumOf } from './play-at-random.ts';
import { playScenario, type Report } from './play-scenario.ts';
import { pointsOf, sampledPoints } from './points-of.ts';
import { reportTable } from './report-table.ts';
import { SCENARIOS } from './scenarios.ts';

/** Clouds at once: each waits for processes that start, and for the SDK's waits between its tries. */
const CLOUDS = 3;

/** What breaks all of a scenario is told by its first violations. */
const MOST_SHOWN = 20;

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true },
    random: { type: 'string' },
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const names = SCENARIOS.map(({ name }) => name);
const wanted = SCENARIOS.filter(({ name }) => values.scenario?.includes(name) ?? true);
const unknown = values.scenario?.filter((name) => !names.includes(name));
const randomPlays = Number(values.random ?? 1);
const areCounts = Number.isSafeInteger(seed) && Number.isSafeInteger(randomPlays);
if (unknown?.length || !areCounts || randomPlays < 1) {
  console.error(
    `Expected --scenario to be of: ${names.join(', ')}; --seed and --random to be whole numbers.`,
  );
  process.exit(2);
}

const assembly = await mkdtemp(join(tmpdir(), 'almanac-crash-'));
try {
  await promisify(execFile)(process.execPath, ['test/crash/fixtures/probe-app.ts'], {
    env: { ...process.env, CDK_OUTDIR: assembly, CDK_VALIDATION: 'false' },
  });
  if (values.random === undefined) await playMatrix();
  else await playRandomly();
} finally {
  await rm(assembly, { recursive: true });
}

async function playMatrix(): Promise<void> {
  const reports = await playAll();
  console.log(reportTable(reports));
  for (const { scenario, violations } of reports) show(scenario, violations);
}

async function playRandomly(): Promise<void> {
  const clouds = Math.min(CLOUDS, Math.ceil(randomPlays / PLAYS_AT_ONCE));
  const reports = await Promise.all(
    Array.from({ length: clouds }, (_, index) =>
      playAtRandom(assembly, {
        count: Math.floor((randomPlays + index) / clouds),
        seed: seed + index,
        progress: (line) => console.log(`cloud ${index + 1}: ${line}`),
      }),
    ),
  );
  const { violations, ...figures } = sumOf(reports);
  console.log(`seed ${seed}: ${JSON.stringify({ ...figures, violations: violations.length })}`);
  show(`seed ${seed}`, violations);
}

function show(what: string, violations: readonly string[]): void {
  for (const violation of violations.slice(0, MOST_SHOWN)) console.log(`${what}: ${violation}`);
  const hidden = violations.length - MOST_SHOWN;
  if (hidden > 0) console.log(`${what}: … and ${hidden} more`);
  if (violations.length > 0) process.exitCode = 1;
}

async function playAll(): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const waiting = [...wanted];
  const playNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const report = await playScenario(next, assembly, (calls) =>
        values.short ? sampledPoints(calls, seed) : pointsOf(calls),
      );
      console.log(
        `${report.scenario}: ${report.pointsTried} points, ${report.violations.length} violations`,
      );
      reports.push(report);
    }
  };
  await Promise.all(Array.from({ length: CLOUDS }, playNext));
  return reports.toSorted(
    (one, other) => names.indexOf(one.scenario) - names.indexOf(other.scenario),
  );
}
