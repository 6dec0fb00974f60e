import { stopSweeps } from '#test/support/stop-sweeps.ts';
import { auditBucket } from './audit-bucket.ts';
import { clearStage } from './clear-stage.ts';
import { type DrawnPlay, drawPlays } from './draw-plays.ts';
import { judgeActs } from './judge-acts.ts';
import { outliveOrphans } from './outlive-orphans.ts';
import { schedulesOf } from './perform-acts.ts';
import { placeActs, slugOf } from './place-acts.ts';
import { type CalmPlay, playCalmly } from './play-calmly.ts';
import { SCENARIOS } from './scenarios.ts';
import { openStage, type Stage } from './stage.ts';

/** What plays at random have come to. */
export interface RandomReport {
  readonly plays: number;
  /** Processes that were killed, and calls that went wrong otherwise. */
  readonly kills: number;
  readonly others: number;
  /** Runs of the task's code. */
  readonly runs: number;
  /** Results that rows point to and that no audit has found. */
  readonly missing: number;
  readonly orphansBefore: number;
  readonly violations: readonly string[];
}

/** How many plays, and which. */
export interface RandomOptions {
  readonly count: number;
  /** The same seed plays the same, as long as the same calls are made. */
  readonly seed: number;
  /** Takes lines for whoever waits. */
  readonly progress: (line: string) => void;
}

/** Plays beside each other; what they leave is looked at before the next ones begin. */
export const PLAYS_AT_ONCE = 50;

/** A sweep sees to all schedules at once: what is killed for one would be so for all. The matrix has it. */
const DRAWN = SCENARIOS.filter(({ isForgotten }) => !isForgotten);

/**
 * Plays scenarios drawn at random on a cloud, in each of which processes are killed and calls fail at random, and looks at what each has
 * left. Each round of them is followed by an audit of the bucket; in the end one lifecycle goes by, which has to take every orphan, and then
 * everything is deleted and has to go.
 */
export async function playAtRandom(
  assembly: string,
  { count, seed, progress }: RandomOptions,
): Promise<RandomReport> {
  await using stage = await openStage(assembly);
  // It would delete the orphans before their lifecycle does.
  await stopSweeps(stage.play, /Audit/);
  const calm = await playCalmly(DRAWN, stage);
  const drawn = drawPlays(calm.map(drawable), count, seed);
  const ids = calm.flatMap(({ act }) => schedulesOf(act));
  const violations = calm.flatMap((play) => play.violations);
  const sums = { kills: 0, others: 0, missing: 0 };
  for (let first = 0; first < drawn.length; first += PLAYS_AT_ONCE) {
    progress(`${first} of ${drawn.length} plays, ${violations.length} violations`);
    const round = await playRound(drawn.slice(first, first + PLAYS_AT_ONCE), {
      calm,
      first,
      stage,
    });
    ids.push(...round.ids);
    violations.push(...round.violations);
    sums.kills += round.kills;
    sums.others += round.others;
    sums.missing += round.missing;
  }
  const outlived = await outliveOrphans(ids, stage);
  const remains = await clearStage([...ids, outlived.id], stage);
  return {
    plays: drawn.length,
    ...sums,
    runs: stage.runs.length,
    orphansBefore: outlived.orphansBefore,
    violations: [...violations, ...outlived.violations, ...remains],
  };
}

/** Adds up what several clouds have come to. */
export function sumOf(reports: readonly RandomReport[]): RandomReport {
  const sum = (of: (report: RandomReport) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  return {
    plays: sum(({ plays }) => plays),
    kills: sum(({ kills }) => kills),
    others: sum(({ others }) => others),
    runs: sum(({ runs }) => runs),
    missing: sum(({ missing }) => missing),
    orphansBefore: sum(({ orphansBefore }) => orphansBefore),
    violations: reports.flatMap(({ violations }) => violations),
  };
}

interface Round {
  readonly calm: readonly CalmPlay[];
  /** The number of its first play. */
  readonly first: number;
  readonly stage: Stage;
}

async function playRound(drawn: readonly DrawnPlay[], { calm, first, stage }: Round) {
  const acts = placeActs(
    drawn.map(({ name, points }, index) => {
      const { scenario } = calmOf(name, calm).act;
      return {
        scenario,
        id: `${slugOf(scenario)}-${String(first + index).padStart(5, '0')}`,
        points,
      };
    }),
    stage,
  );
  const judged = await judgeActs(acts, ({ name }) => calmOf(name, calm).evidence, stage);
  const audited = await auditBucket(stage.play);
  const ids = acts.flatMap(schedulesOf);
  // The sweeps of the next ones need not look at them.
  for (const id of ids) await stage.play.api.request('DELETE', `/v1/schedules/${id}`);
  await stage.play.cloud.settle();
  const met = judged.disturbed.flatMap((each) => each.met);
  const kills = met.filter(({ disturbance }) => disturbance.fault.do === 'kill').length;
  return {
    ids,
    kills,
    others: met.length - kills,
    missing: audited.missing,
    violations: [...judged.violations, ...audited.violations],
  };
}

function drawable({ act, calls }: CalmPlay) {
  return { name: act.scenario.name, calls };
}

function calmOf(name: string, calm: readonly CalmPlay[]): CalmPlay {
  const found = calm.find(({ act }) => act.scenario.name === name);
  if (!found) throw new Error(`Expected a calm play of ${name}.`);
  return found;
}
