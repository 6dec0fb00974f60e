import type { EpochSeconds } from '#shared/domain/epoch-seconds.ts';
import type { Contender, Stepper, Workload } from '#test/bench/triggers/contender.ts';

/** What all contenders are asked: the same three expressions in a zone without and one with clock changes. */
const WORKLOADS: readonly Workload[] = ['UTC', 'America/New_York'].flatMap((timeZone) => [
  {
    name: 'weekdays at 9',
    timeZone,
    crontab: '0 9 * * 1-5',
    aws: 'cron(0 9 ? * MON-FRI *)',
    rrule: 'FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0;BYSECOND=0',
  },
  {
    name: 'every 5 minutes',
    timeZone,
    crontab: '*/5 * * * *',
    aws: 'cron(0/5 * * * ? *)',
    rrule: 'FREQ=MINUTELY;INTERVAL=5;BYSECOND=0',
  },
  {
    name: '29 February',
    timeZone,
    crontab: '0 0 29 2 *',
    aws: 'cron(0 0 29 2 ? *)',
    rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYHOUR=0;BYMINUTE=0;BYSECOND=0',
  },
]);

const START: EpochSeconds = Date.parse('2026-01-01T00:00:00Z') / 1000;
/** Fire times past this are not asked for: the run begins again. */
const END: EpochSeconds = Date.parse('2060-01-01T00:00:00Z') / 1000;
const ROUNDS = 7;
const ROUND_MS = 60;

/** Next fire times a second on one workload, by contender; one that cannot take it is left out. */
export interface SpeedFigure {
  readonly workload: string;
  readonly timeZone: string;
  readonly speeds: ReadonlyMap<string, number>;
}

/** Lets all contenders run in turn, round after round, so that a machine that slows down slows them all. */
export function measureSpeed(contenders: readonly Contender[]): readonly SpeedFigure[] {
  return WORKLOADS.map((workload) => {
    const runners = contenders.flatMap(({ name, prepare }) => {
      const step = prepare(workload);
      return step ? [{ name, step, rounds: [] as number[] }] : [];
    });
    for (const { step } of runners) run(step);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const { step, rounds } of runners) rounds.push(run(step));
    const speeds = new Map(runners.map(({ name, rounds }) => [name, median(rounds)]));
    return { workload: workload.name, timeZone: workload.timeZone, speeds };
  });
}

/** @returns Steps a second. */
function run(step: Stepper): number {
  const began = performance.now();
  let steps = 0;
  let after = START;
  do {
    const next = step(after);
    after = next === undefined || next > END ? START : next;
    steps += 1;
  } while (performance.now() - began < ROUND_MS);
  return steps / ((performance.now() - began) / 1000);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
