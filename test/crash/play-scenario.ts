import { auditBucket } from './audit-bucket.ts';
import { clearStage } from './clear-stage.ts';
import { judgeActs } from './judge-acts.ts';
import { schedulesOf } from './perform-acts.ts';
import { placeActs, slugOf } from './place-acts.ts';
import { playCalmly } from './play-calmly.ts';
import type { NthCall, Point } from './points-of.ts';
import type { Scenario } from './scenario.ts';
import { openStage } from './stage.ts';

/** What the playing of a scenario came to. */
export interface Report {
  readonly scenario: string;
  /** How many calls its actors make when nothing goes wrong. */
  readonly calls: number;
  readonly pointsTried: number;
  /** Sentences, each with the point that it is about. */
  readonly violations: readonly string[];
  readonly seconds: number;
}

/**
 * Plays a scenario once calmly, to learn its calls, and then once for each chosen point, and looks at what is left each time; then it
 * has the bucket audited, and in the end it deletes all schedules, and nothing may remain.
 *
 * @param choose - Picks the points out of the calls.
 */
export async function playScenario(
  scenario: Scenario,
  assembly: string,
  choose: (calls: readonly NthCall[]) => readonly Point[],
): Promise<Report> {
  const began = performance.now();
  await using stage = await openStage(assembly);
  const [calm] = await playCalmly([scenario], stage);
  if (!calm) throw new Error('Expected one play of one scenario.');
  const points = choose(calm.calls);
  const plays = points.map((point, index) => ({
    scenario,
    id: `${slugOf(scenario)}-${String(index).padStart(4, '0')}`,
    points: [point],
  }));
  const acts = placeActs(plays, stage);
  const judged = await judgeActs(acts, () => calm.evidence, stage);
  const audited = await auditBucket(stage.play);
  const remains = await clearStage([...acts, calm.act].flatMap(schedulesOf), stage);
  return {
    scenario: scenario.name,
    calls: calm.calls.length,
    pointsTried: points.length,
    violations: [...calm.violations, ...judged.violations, ...audited.violations, ...remains],
    seconds: (performance.now() - began) / 1_000,
  };
}
