import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { playScenario, type Report } from './play-scenario.ts';
import { pointsOf, sampledPoints } from './points-of.ts';
import { reportTable } from './report-table.ts';
import { SCENARIOS } from './scenarios.ts';

/** Scenarios at once: a cloud waits for processes that start, and for the SDK's waits between its tries. */
const CLOUDS = 3;

/** What breaks all of a scenario is told by its first violations. */
const MOST_SHOWN = 20;

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true },
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const names = SCENARIOS.map(({ name }) => name);
const wanted = SCENARIOS.filter(({ name }) => values.scenario?.includes(name) ?? true);
const unknown = values.scenario?.filter((name) => !names.includes(name));
if (unknown?.length || !Number.isSafeInteger(seed)) {
  console.error(`Expected --scenario to be of: ${names.join(', ')}; --seed to be a whole number.`);
  process.exit(2);
}

const assembly = await mkdtemp(join(tmpdir(), 'almanac-crash-'));
try {
  await promisify(execFile)(process.execPath, ['test/crash/fixtures/probe-app.ts'], {
    env: { ...process.env, CDK_OUTDIR: assembly, CDK_VALIDATION: 'false' },
  });
  const reports = await playAll();
  console.log(reportTable(reports));
  for (const { scenario, violations } of reports) {
    for (const violation of violations.slice(0, MOST_SHOWN))
      console.log(`${scenario}: ${violation}`);
    const hidden = violations.length - MOST_SHOWN;
    if (hidden > 0) console.log(`${scenario}: … and ${hidden} more`);
  }
  process.exitCode = reports.some(({ violations }) => violations.length > 0) ? 1 : 0;
} finally {
  await rm(assembly, { recursive: true });
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
