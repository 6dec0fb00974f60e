import type { Report } from './play-scenario.ts';

/** Puts reports in a table, with their sums below. */
export function reportTable(reports: readonly Report[]): string {
  const sum = (of: (report: Report) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  const rows = reports.map(({ scenario, calls, pointsTried, violations, seconds }) =>
    rowOf(scenario, [calls, pointsTried, violations.length, Math.round(seconds)]),
  );
  return [
    rowOf('scenario', ['calls', 'points tried', 'violations', 'seconds']),
    ...rows,
    rowOf('in all', [
      sum(({ calls }) => calls),
      sum(({ pointsTried }) => pointsTried),
      sum(({ violations }) => violations.length),
      '',
    ]),
  ].join('\n');
}

const NAME_CHARACTERS = 20;
const NUMBER_CHARACTERS = 14;

function rowOf(name: string, cells: readonly (number | string)[]): string {
  return (
    name.padEnd(NAME_CHARACTERS) +
    cells.map((cell) => String(cell).padStart(NUMBER_CHARACTERS)).join('')
  );
}
